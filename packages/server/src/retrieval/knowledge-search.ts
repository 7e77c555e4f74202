import {
  ParleyError,
  type BaseAlarm,
  type BaseSettings,
  type DocumentFilter,
  type RetrievalTrace,
} from '@parley/contracts';
import {
  retrieve,
  type EmbedTexts,
  type FindPassages,
  type FoundPassages,
  type KnowledgeIndex,
  type RerankTexts,
  type RetrievalPorts,
  type SearchLegs,
  type VectorIndex,
} from '@parley/rag';
import type { BaseAccess } from '../knowledge/base-access.ts';
import type { AlarmBoard } from './alarm-board.ts';
import { searchMeaning } from './meaning-search.ts';
import type { PassagesRepository } from './passages.repository.ts';
import type { SearchedBase, SearchedBasesRepository } from './searched-bases.repository.ts';

export interface KnowledgeSearchTools {
  passages: PassagesRepository;
  bases: SearchedBasesRepository;
  /** The embedded index; opened with its first use. */
  index: () => Promise<KnowledgeIndex>;
  /** The Chroma server of the settings; null: there is none. */
  chroma: VectorIndex | null;
  embedder: (model: string, userId: string) => EmbedTexts;
  reranker: (model: string, userId: string) => RerankTexts;
  alarms: AlarmBoard;
  /** Which of the bases a user may read now. */
  access: Pick<BaseAccess, 'filter'>;
  /** Resolves when what is ready in these bases can be found. */
  caughtUp: (baseIds: readonly string[]) => Promise<void>;
  /** Milliseconds that only go forward. */
  clock?: () => number;
}

/** These say nothing about a base that has no vectors. */
const OF_VECTORS: ReadonlySet<BaseAlarm['kind']> = new Set(['embedding-failed', 'vector-store-failed']);

/** What to search in, for whom; the rights were checked. */
export interface SearchTask {
  userId: string;
  baseIds: readonly string[];
  filter?: DocumentFilter | null;
  /** At most so many passages; the first base's setting when left out. */
  passages?: number;
  /** At most so many estimated tokens of passages; no limit but their number when left out. */
  tokens?: number;
}

/** More than any answer takes. */
const NO_TOKEN_LIMIT = 1_000_000;
/** With more than one base, the most that any of them wants. */
const CANDIDATES = 50;

/** Searches knowledge bases by words and by meaning, for answers and for everyone else who asks. */
export class KnowledgeSearch {
  readonly #tools: KnowledgeSearchTools;
  readonly #clock: () => number;

  constructor(tools: KnowledgeSearchTools) {
    this.#tools = tools;
    this.#clock = tools.clock ?? (() => performance.now());
  }

  /** The search as a chain asks for it. An answer may wait long for its model before it comes here: bases that its asker lost meanwhile are left out. */
  finderFor(task: SearchTask): FindPassages {
    return async (queries, signal) => {
      const baseIds = await this.#tools.access.filter(task.userId, task.baseIds);
      return this.find(queries, { ...task, baseIds }, signal);
    };
  }

  /** What the bases' editors tell the model, where one base alone is asked: several could contradict each other. */
  async promptsOf(baseIds: readonly string[]): Promise<BaseSettings['prompts']> {
    const [base, ...others] = await this.#tools.bases.read(baseIds);
    return base && others.length === 0 ? base.settings.prompts : { en: null, zh: null };
  }

  /** What each leg finds by itself, for judging them. */
  async legsOf(query: string, task: SearchTask, signal: AbortSignal): Promise<SearchLegs> {
    const bases = await this.#tools.bases.read(task.baseIds);
    const ports = this.#portsFor(bases, task.userId);
    const scope = { baseIds: task.baseIds, documentIds: null, limit: task.passages ?? CANDIDATES };
    const { hits } = await ports.searchWords(query, scope);
    const meaning = (await ports.searchMeaning?.(query, scope, signal)) ?? [];
    return { lexical: hits, dense: meaning.map((leg) => leg.hits), limit: scope.limit };
  }

  /** Finds passages; alarms of a dead leg go to the board of its bases, and what works again takes them off. */
  async find(queries: readonly string[], task: SearchTask, signal: AbortSignal): Promise<FoundPassages> {
    await this.#tools.caughtUp(task.baseIds);
    const bases = await this.#tools.bases.read(task.baseIds);
    const documentIds = await this.#tools.passages.documentIds(task.baseIds, task.filter ?? null);
    const settings = bases.map((base) => base.settings.retrieval);
    const weights = new Map(bases.map((base) => [base.id, base.space ? base.settings.retrieval.dense_weight : 0]));
    const options = {
      baseIds: bases.map(({ id }) => id),
      documentIds,
      denseWeightOf: (baseId: string) => weights.get(baseId) ?? 0,
      passages: task.passages ?? Math.max(1, ...settings.map(({ passages }) => passages)),
      tokens: task.tokens ?? NO_TOKEN_LIMIT,
      candidates: Math.max(CANDIDATES, task.passages ?? 0),
    };
    const found = await retrieve(queries, { ports: this.#portsFor(bases, task.userId), options }, signal);
    if (found.trace) this.#reportAlarms(bases, found.trace);
    return found;
  }

  #portsFor(bases: readonly SearchedBase[], userId: string): RetrievalPorts {
    const { passages, index, embedder, reranker } = this.#tools;
    const rerankModel = bases.find(({ settings }) => settings.retrieval.rerank_model)?.settings.retrieval.rerank_model;
    const tools = { embedder, vectorsOf: (base: SearchedBase) => this.#vectorsOf(base), clock: this.#clock };
    const hasSpace = bases.some(({ space }) => space !== null);
    return {
      searchWords: async (query, scope) => (await index()).words.search(query, scope),
      searchMeaning: hasSpace
        ? (query, scope, signal) => searchMeaning(query, { bases, scope, userId, signal }, tools)
        : null,
      rerank: rerankModel ? reranker(rerankModel, userId) : null,
      readChunks: (ids) => passages.readChunks(ids),
      readSpan: (span) => passages.readSpan(span),
    };
  }

  // The embedded index holds nothing of a base in Chroma: to search it there would find nothing and say nothing.
  async #vectorsOf({ settings }: SearchedBase): Promise<VectorIndex> {
    const { chroma, index } = this.#tools;
    if (settings.vector_store === 'embedded') return (await index()).vectors;
    if (chroma === null) throw noChroma();
    return chroma;
  }

  #reportAlarms(bases: readonly SearchedBase[], { alarms, timings }: RetrievalTrace): void {
    const board = this.#tools.alarms;
    const failed = new Set(alarms.map(({ kind }) => kind));
    // A part that failed took its time, too: what is not over yet keeps the time since when it is so.
    const worked = [
      ...(timings.lexical_ms === null ? [] : (['words-failed'] as const)),
      ...(timings.dense_ms === null ? [] : (['embedding-failed', 'vector-store-failed'] as const)),
      ...(timings.rerank_ms === null ? [] : (['rerank-failed'] as const)),
    ].filter((kind) => !failed.has(kind));
    for (const base of bases) {
      for (const kind of worked) if (isAbout(kind, base)) board.clear(base.id, kind);
      for (const alarm of alarms) if (isAbout(alarm.kind, base)) board.raise(base.id, alarm);
    }
  }
}

/** Whether a part that failed or worked in a search of several bases is one that this base has. */
function isAbout(kind: BaseAlarm['kind'], { space, settings }: SearchedBase): boolean {
  if (OF_VECTORS.has(kind)) return space !== null;
  return kind !== 'rerank-failed' || settings.retrieval.rerank_model !== null;
}

/** A base in Chroma while the settings name no server. */
function noChroma(): ParleyError {
  const message = 'This knowledge base keeps its vectors in Chroma, but no Chroma server is configured.';
  return new ParleyError('vector_store_failed', message);
}
