import type { WordIndex } from '../../knowledge/knowledge-index.ts';
import type { Chunk } from '../../retrieval/passage-index.ts';

/** Puts the words of documents into an index that keeps them; a document that it holds as it is stays untouched. */
export async function fillWords(words: WordIndex, baseId: string, chunks: readonly Chunk[]): Promise<void> {
  const held = new Map((await words.documents(baseId)).map(({ documentId, chunkIds }) => [documentId, chunkIds]));
  for (const [documentId, own] of Map.groupBy(chunks, (chunk) => chunk.documentId)) {
    const ids = own.map(({ id }) => id);
    if (isSame(held.get(documentId) ?? [], ids)) continue;
    const passages = own.map(({ id, title, headingPath, text }) => ({ id, title, headingPath, text }));
    await words.replaceDocument({ baseId, documentId }, [passages]);
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && new Set([...one, ...other]).size === one.length;
}
