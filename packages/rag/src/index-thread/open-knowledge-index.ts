import type { KnowledgeIndex } from '../knowledge/knowledge-index.ts';
import { IndexThread } from './index-thread.ts';
import { createVectorIndex } from './vector-client.ts';
import { createWordIndex } from './word-client.ts';

export interface OpenKnowledgeIndexOptions {
  /** Made when it is missing, with its folder; deleted and begun anew when it is damaged, foreign or of an older version. */
  file: string;
  /** What the thread keeps of words in memory, in bytes; bases that were used longest ago go. Default 128 MiB. */
  wordMemoryBytes?: number;
  /** The same for vectors; a space that is larger is read from the file with every search. Default 512 MiB. */
  vectorMemoryBytes?: number;
  /** Passages that are written as one unchangeable part; only tests take fewer. Default 2,048. */
  segmentPassages?: number;
}

/**
 * Opens the embedded index, in a thread that is started by this call. A thread that dies rejects what
 * it was asked with `storage_failed` and is started again with the next call; when the file was found
 * to be damaged and begun anew on the way, `setPosition` is refused until `position` was asked.
 */
export async function openKnowledgeIndex({
  file,
  wordMemoryBytes = 128 * 1024 ** 2,
  vectorMemoryBytes = 512 * 1024 ** 2,
  segmentPassages = 2_048,
}: OpenKnowledgeIndexOptions): Promise<KnowledgeIndex> {
  const thread = new IndexThread({ file, wordMemoryBytes, vectorMemoryBytes, segmentPassages });
  await thread.start();
  return { words: createWordIndex(thread), vectors: createVectorIndex(thread), close: () => thread.close() };
}
