import type { KnowledgeBase } from '@parley/contracts';
import type { KnowledgeClient } from '../client/knowledge-client.ts';
import type { RetrievalSource } from './retrieval-result.ts';

/** A knowledge base with its judged queries, searched by the server. `tune` keeps the best weight in the base. */
export function baseSource(
  client: Pick<KnowledgeClient, 'evaluate'>,
  { id, name, spaces }: Pick<KnowledgeBase, 'id' | 'name' | 'spaces'>,
  { tune }: { tune: boolean },
): RetrievalSource {
  return {
    name,
    async evaluate(given) {
      const evaluation = await client.evaluate(id, given === null ? { tune } : { dense_weight: given });
      const hasDense = evaluation.dense !== null;
      return {
        name,
        perQuery: evaluation.per_query ?? [],
        embeddingModel: hasDense ? (spaces.find(({ state }) => state === 'active')?.model ?? null) : null,
        denseWeight: hasDense ? evaluation.dense_weight : null,
        weightFrom: hasDense ? (given === null ? 'base' : 'given') : null,
      };
    },
  };
}
