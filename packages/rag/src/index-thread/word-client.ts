import { ParleyError } from '@parley/contracts';
import type { IndexedChunk, WordIndex } from '../knowledge/knowledge-index.ts';
import type { IndexThread } from './index-thread.ts';

/** A message to the thread holds so much at most: copying it takes the caller's time. */
const MESSAGE_CHUNKS = 200;
const MESSAGE_UNITS = 512 * 1024;

/** The words, asked of the thread. */
export function createWordIndex(thread: IndexThread): WordIndex {
  return {
    replaceDocument: (document, chunks) => replaceDocument(thread, document, chunks),
    removeBase: (baseId) => thread.ask('removeBase', { baseId }),
    search: (query, scope) => thread.ask('searchWords', { query, scope }),
    documents: (baseId) => thread.ask('documents', { baseId }),
    async position() {
      const position = await thread.ask('position', null);
      thread.noteRenewal();
      return position;
    },
    async setPosition(sequence) {
      await thread.start();
      if (thread.isRenewed) {
        throw new ParleyError('storage_failed', 'The search index was damaged and began anew; ask for its position.');
      }
      await thread.ask('setPosition', { sequence });
    },
  };
}

async function replaceDocument(
  thread: IndexThread,
  document: Parameters<WordIndex['replaceDocument']>[0],
  chunks: Parameters<WordIndex['replaceDocument']>[1],
): Promise<void> {
  const writer = await thread.ask('beginDocument', null);
  try {
    for await (const batch of chunks) {
      for (const part of toMessages(batch)) await thread.ask('addChunks', { writer, chunks: part });
    }
    const { baseId, documentId } = document;
    await thread.ask('commitDocument', { writer, baseId, documentId });
  } catch (error) {
    // A thread that died knows nothing of the document any more.
    await thread.ask('discardDocument', { writer }).catch(() => {});
    throw error;
  }
}

function* toMessages(chunks: readonly IndexedChunk[]): Generator<IndexedChunk[]> {
  let message: IndexedChunk[] = [];
  let units = 0;
  for (const { id, title, headingPath, text } of chunks) {
    message.push({ id, title, headingPath, text });
    units += text.length;
    if (message.length < MESSAGE_CHUNKS && units < MESSAGE_UNITS) continue;
    yield message;
    message = [];
    units = 0;
  }
  if (message.length > 0) yield message;
}
