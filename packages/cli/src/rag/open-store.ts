import type { VectorIndex, WordIndex } from '@parley/rag';
import { createChromaVectorIndex, createMemoryVectorIndex } from '@parley/rag/vector-stores';
import type { StoreChoice } from './choose-store.ts';

export interface OpenedStore {
  vectors: VectorIndex;
  /** Null where the words are kept by nobody. */
  words: WordIndex | null;
  close(): Promise<void>;
}

/** Opens what was chosen; the caller closes it. */
export async function openStore(choice: StoreChoice): Promise<OpenedStore> {
  if (choice.kind === 'embedded') {
    const { openKnowledgeIndex } = await import('@parley/rag/index-thread');
    return openKnowledgeIndex({ file: choice.file });
  }
  const vectors = choice.kind === 'chroma' ? createChromaVectorIndex(choice.chroma) : createMemoryVectorIndex();
  return { vectors, words: null, close: async () => {} };
}
