import type { Chunk } from '../retrieval/passage-index.ts';
import { DEFAULT_PASSAGE_TOKENS, splitMarkdown } from './split-markdown.ts';

/** A stored document, as far as cutting it needs to know. */
export interface SourceDocument {
  id: string;
  title: string;
  text: string;
}

/**
 * The passages of a document as chunks, ids `<document>#<place>`: equal passages stay apart. A
 * first heading that repeats the title is left out of the heading path.
 */
export function toChunks(document: SourceDocument, maxTokens: number = DEFAULT_PASSAGE_TOKENS): Chunk[] {
  const { id, title, text } = document;
  return splitMarkdown(text, maxTokens).map(({ headingPath, start, end }, place) => ({
    id: `${id}#${place}`,
    documentId: id,
    versionId: null,
    baseId: null,
    title,
    headingPath: headingPath[0] === title ? headingPath.slice(1) : headingPath,
    page: null,
    start,
    end,
    text: text.slice(start, end),
    flags: [],
  }));
}
