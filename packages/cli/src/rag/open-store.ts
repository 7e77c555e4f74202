import { ParleyError } from '@parley/contracts';
import type { VectorIndex, WordIndex } from '@parley/rag';
import { createChromaVectorIndex, createMemoryVectorIndex } from '@parley/rag/vector-stores';
import type { StoreChoice } from './choose-store.ts';

export interface OpenedStore {
  vectors: VectorIndex;
  /** Null where the words are kept by nobody. */
  words: WordIndex | null;
  close(): Promise<void>;
}

/** Opens what was chosen; the caller closes it. An embedded collection is one command's at a time: `storage_failed`. */
export async function openStore(choice: StoreChoice): Promise<OpenedStore> {
  if (choice.kind === 'embedded') {
    const { openKnowledgeIndex } = await import('@parley/rag/index-thread');
    return openKnowledgeIndex({ file: choice.file }).catch((cause: unknown) => {
      const reason = 'Another command may be using it, or the folder cannot be written.';
      throw new ParleyError('storage_failed', `${choice.file} could not be opened. ${reason}`, { cause });
    });
  }
  const vectors = choice.kind === 'chroma' ? createChromaVectorIndex(choice.chroma) : createMemoryVectorIndex();
  return { vectors, words: null, close: async () => {} };
}
