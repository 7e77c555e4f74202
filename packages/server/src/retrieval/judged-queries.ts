import type { Judgement } from '@parley/contracts';
import type { Chunk, Judgements } from '@parley/rag';

/** A query of a base's judged set: what was said about which places. */
export interface JudgedQuery {
  query: string;
  judgements: readonly Judgement[];
}

/** The judged set by query; queries without a passage that helps say nothing about a search and are left out. */
export function byQuery(judgements: readonly Judgement[]): JudgedQuery[] {
  return [...Map.groupBy(judgements, ({ query }) => query)]
    .map(([query, some]) => ({ query, judgements: some }))
    .filter(({ judgements: some }) => some.some(({ grade }) => grade > 0));
}

/** The judgements of a query by their ids, as metrics take them. */
export function gradesOf({ judgements }: JudgedQuery): Judgements {
  return new Map(judgements.map(({ id, grade }) => [id, grade]));
}

/**
 * A ranking of passages as a ranking of judgements: a judged place counts where the first passage
 * that overlaps it stands, whatever the documents were cut into since it was judged.
 */
export function toJudgedRanking(
  ranking: readonly string[],
  chunks: ReadonlyMap<string, Chunk>,
  { judgements }: JudgedQuery,
): string[] {
  const left = new Set(judgements);
  return ranking.map((chunkId) => {
    const chunk = chunks.get(chunkId);
    const found = chunk && [...left].find((judgement) => overlaps(judgement, chunk));
    if (!found) return chunkId;
    left.delete(found);
    return found.id;
  });
}

function overlaps(judgement: Judgement, chunk: Chunk): boolean {
  return judgement.document_id === chunk.documentId && judgement.start < chunk.end && chunk.start < judgement.end;
}
