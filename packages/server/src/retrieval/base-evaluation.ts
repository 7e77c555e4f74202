import { ParleyError, type Evaluation } from '@parley/contracts';
import {
  fuseLegs,
  qualityOf,
  tuneDenseWeightInTurns,
  type Chunk,
  type JudgedSearch,
  type SearchLegs,
} from '@parley/rag';
import { breathe } from '../ingestion/breathe.ts';
import type { BasesRepository } from '../knowledge/bases.repository.ts';
import type { JudgementsRepository } from '../knowledge/judgements.repository.ts';
import { byQuery, gradesOf, toJudgedRanking, type JudgedQuery } from './judged-queries.ts';
import type { KnowledgeSearch } from './knowledge-search.ts';
import type { PassagesRepository } from './passages.repository.ts';
import type { SearchedBasesRepository } from './searched-bases.repository.ts';

export interface BaseEvaluationOptions {
  knowledge: Pick<KnowledgeSearch, 'legsOf'>;
  passages: Pick<PassagesRepository, 'readChunks'>;
  judgements: Pick<JudgementsRepository, 'list'>;
  searched: Pick<SearchedBasesRepository, 'read'>;
  bases: Pick<BasesRepository, 'change'>;
  now: () => number;
}

export interface EvaluationTask {
  userId: string;
  baseId: string;
  /** Keeps the weight that was best. */
  tune: boolean;
  /** A weight to try; null: the base's own, or the best one. */
  denseWeight: number | null;
}

type Quality = Evaluation['fused'];

/** How deep the rankings go: recall is counted to here. */
const DEPTH = 100;
/** The newest; a base that has more judged queries is told well enough by them. */
const MOST_QUERIES = 200;

/** Runs the judged queries of a base through its searches. Rights are checked before. */
export class BaseEvaluation {
  readonly #options: BaseEvaluationOptions;

  constructor(options: BaseEvaluationOptions) {
    this.#options = options;
  }

  /** Throws `invalid_request` for a base without judgements. */
  async run({ userId, baseId, tune, denseWeight }: EvaluationTask, signal: AbortSignal): Promise<Evaluation> {
    const judged = byQuery(await this.#options.judgements.list(baseId)).slice(0, MOST_QUERIES);
    if (judged.length === 0) {
      throw new ParleyError('invalid_request', 'Nothing is judged yet: try some questions and pin what answers them.');
    }
    const searches: JudgedSearch[] = [];
    for (const query of judged) {
      signal.throwIfAborted();
      searches.push(await this.#search(query, { userId, baseId }, signal));
    }
    const [base] = await this.#options.searched.read([baseId]);
    if (!base) throw new ParleyError('knowledge_base_not_found', 'There is no such knowledge base.');
    const { settings } = base;
    const hasDense = searches.some(({ legs }) => legs.dense.length > 0);
    const best = hasDense ? (await tuneDenseWeightInTurns(searches, breathe)).weight : null;
    const weight = denseWeight ?? (tune && best !== null ? best : settings.retrieval.dense_weight);
    if (tune && best !== null) await this.#keep(baseId, best);
    const perQuery = await judgeEach(judged, searches, hasDense ? weight : null);
    return {
      queries: judged.length,
      lexical: meanOf(perQuery.map(({ lexical }) => lexical)),
      dense: hasDense ? meanOf(perQuery.flatMap(({ dense }) => dense ?? [])) : null,
      fused: meanOf(perQuery.map(({ fused }) => fused)),
      dense_weight: weight,
      best_dense_weight: best,
      per_query: perQuery,
    };
  }

  // The searches took a while: whoever changed another setting meanwhile keeps it.
  async #keep(baseId: string, weight: number): Promise<void> {
    await this.#options.bases.change(baseId, (stored) => ({
      settings: { ...stored, retrieval: { ...stored.retrieval, dense_weight: weight } },
      updated_at: this.#options.now(),
    }));
  }

  /** The legs of one query with their passages named by the judgements that they meet. */
  async #search(
    query: JudgedQuery,
    { userId, baseId }: { userId: string; baseId: string },
    signal: AbortSignal,
  ): Promise<JudgedSearch> {
    const legs = await this.#options.knowledge.legsOf(
      query.query,
      { userId, baseIds: [baseId], passages: DEPTH },
      signal,
    );
    const ids = new Set([...legs.lexical, ...legs.dense.flat()].map(({ chunkId }) => chunkId));
    const chunks = new Map((await this.#options.passages.readChunks([...ids])).map((chunk) => [chunk.id, chunk]));
    return { legs: renamed(legs, chunks, query), judgements: gradesOf(query) };
  }
}

/** A passage takes the name of the judgement that it meets in every leg alike: the one of the earliest that meets it. */
function renamed(legs: SearchLegs, chunks: ReadonlyMap<string, Chunk>, query: JudgedQuery): SearchLegs {
  const rename = (leg: SearchLegs['lexical']) => {
    const names = toJudgedRanking(
      leg.map(({ chunkId }) => chunkId),
      chunks,
      query,
    );
    return leg.map((hit, place) => ({ ...hit, chunkId: names[place] ?? hit.chunkId }));
  };
  return { ...legs, lexical: rename(legs.lexical), dense: legs.dense.map(rename) };
}

/** The figures of each query; `denseWeight` null: there is no dense leg. */
async function judgeEach(
  judged: readonly JudgedQuery[],
  searches: readonly JudgedSearch[],
  denseWeight: number | null,
): Promise<NonNullable<Evaluation['per_query']>> {
  const perQuery: NonNullable<Evaluation['per_query']> = [];
  for (const [place, search] of searches.entries()) {
    perQuery.push({
      query: judged[place]?.query ?? '',
      lexical: qualityAt(search, 0),
      dense: denseWeight === null ? null : qualityAt(search, 1),
      fused: qualityAt(search, denseWeight ?? 0),
    });
    await breathe();
  }
  return perQuery;
}

function qualityAt({ legs, judgements }: JudgedSearch, weight: number): Quality {
  const shown = weight === 0 ? { ...legs, dense: [] } : weight === 1 ? { ...legs, lexical: [] } : legs;
  const ranking = fuseLegs(shown, () => weight).map(({ chunkId }) => chunkId);
  return qualityOf(ranking, judgements);
}

function meanOf(some: readonly Quality[]): Quality {
  const mean = (figure: keyof Quality) => some.reduce((sum, quality) => sum + quality[figure], 0) / some.length;
  return { ndcg10: mean('ndcg10'), recall10: mean('recall10'), recall100: mean('recall100'), mrr10: mean('mrr10') };
}
