import { splitSettingsSchema } from '@parley/contracts';
import type { DocumentReader, ReaderEvent, ReadInput } from '@parley/rag';
import type { LoadedSource } from './loaded-source.ts';

export interface FileToRead {
  path: string;
  /** Its address or path as the person named it. */
  source: string;
  /** Tells its kind, and is the title of what has none. */
  name: string;
  mediaType: string | null;
  select: readonly string[];
}

type Entry = Extract<ReaderEvent, { type: 'entry' }>;

/** A document, or the files of an archive, which the caller deletes. */
export type ReadFile = { document: LoadedSource } | { entries: Entry[] };

/** Reads one file in a process of its own. Throws what the reader throws. */
export async function readFile(
  { path, source, name, mediaType, select }: FileToRead,
  reader: DocumentReader,
  signal: AbortSignal,
): Promise<ReadFile> {
  const split = splitSettingsSchema.parse({});
  const input: ReadInput = { kind: 'file', path, name, mediaType, select: [...select], split };
  const entries: Entry[] = [];
  const parts: LoadedSource['parts'][number][] = [];
  const texts: string[] = [];
  let head: Extract<ReaderEvent, { type: 'head' }>['document'] | null = null;
  for await (const event of reader.read(input, signal)) {
    if (event.type === 'head') head = event.document;
    else if (event.type === 'text') texts.push(event.text);
    else if (event.type === 'chunks') parts.push(...event.chunks);
    else if (event.type === 'entry') entries.push(event);
  }
  return head ? { document: { ...head, source, text: texts.join(''), parts } } : { entries };
}
