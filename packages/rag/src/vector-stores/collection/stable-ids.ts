import { hash } from 'node:crypto';
import type { Chunk } from '../../retrieval/passage-index.ts';
import { toEmbeddedText } from '../../models/embedded-text.ts';

const KEY_LENGTH = 16;
const CONTENT_LENGTH = 32;

/**
 * The same passages with ids that are made of document and content alone: the same id means the
 * same vector, whenever and by whom it was made. Passages of equal content are told apart by number.
 */
export function withStableIds(chunks: readonly Chunk[]): Chunk[] {
  const counts = new Map<string, number>();
  return chunks.map((chunk) => {
    const content = hash('sha256', toEmbeddedText(chunk)).slice(0, CONTENT_LENGTH);
    const id = `${documentKey(chunk.documentId)}-${content}`;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return { ...chunk, id: count === 1 ? id : `${id}-${count}` };
  });
}

/** What the ids of a document's passages begin with. */
export function documentKey(documentId: string): string {
  return hash('sha256', documentId).slice(0, KEY_LENGTH);
}

/** The `documentKey` of the passage's document. */
export function keyOfId(chunkId: string): string {
  return chunkId.slice(0, KEY_LENGTH);
}
