import type { Chunk, ParsedChunk, ParsedDocument } from '@parley/rag';

/** A page or file that was read, and how it was cut. */
export interface LoadedSource extends ParsedDocument {
  /** Its address or path; of a file in an archive, both of them. */
  source: string;
  parts: readonly Pick<ParsedChunk, 'page' | 'headingPath' | 'start' | 'end' | 'text' | 'flags'>[];
}

/** What `--json` says of it. */
export function toSourceView({ source, title, language, text, flags }: LoadedSource) {
  return { source, title, language, characters: text.length, flags };
}

/** Its passages, as every search of `rag` takes them. */
export function toChunks({ source, title, parts }: LoadedSource): Chunk[] {
  return parts.map((part, place) => ({
    ...part,
    id: `${source}#${place}`,
    documentId: source,
    versionId: null,
    baseId: null,
    title,
  }));
}
