import type { Chunk } from '../retrieval/passage-index.ts';

/** A chunk for tests: all of a small document's text, unless told otherwise. */
export function makeChunk(id: string, text: string, more: Partial<Chunk> = {}): Chunk {
  return {
    id,
    documentId: id,
    versionId: null,
    baseId: null,
    title: '',
    headingPath: [],
    page: null,
    start: 0,
    end: text.length,
    text,
    flags: [],
    ...more,
  };
}
