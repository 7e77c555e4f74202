export type { IndexedChunk } from '../knowledge/knowledge-index.ts';
export { openKnowledgeIndex, type OpenKnowledgeIndexOptions } from './open-knowledge-index.ts';
