export { openKnowledgeIndex, type OpenKnowledgeIndexOptions } from './open-knowledge-index.ts';
