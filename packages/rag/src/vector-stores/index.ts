export type { ChromaSettings } from './chroma-client.ts';
export { createChromaVectorIndex } from './chroma-vector-index.ts';
export type { FilledSpace } from './collection/fill-space.ts';
export {
  openCollection,
  type Collection,
  type CollectionMeaning,
  type CollectionOptions,
} from './collection/open-collection.ts';
export { createMemoryVectorIndex } from './memory-vector-index.ts';
