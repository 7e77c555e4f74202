export type { ChromaSettings } from './chroma-client.ts';
export { createChromaVectorIndex } from './chroma-vector-index.ts';
