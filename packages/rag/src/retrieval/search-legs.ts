import { ParleyError, type RetrievalTrace } from '@parley/contracts';
import type { IndexHit, SearchScope, WordHits } from '../knowledge/knowledge-index.ts';
import type { SearchLegs } from './fuse-legs.ts';
import type { MeaningHits, RetrievalOptions, RetrievalPorts } from './retrieval-ports.ts';

export type Alarm = RetrievalTrace['alarms'][number];

export interface SearchedLegs {
  /** One for each query. */
  legs: SearchLegs[];
  /** The weights that these legs can be fused with: a leg that is dead has none. */
  denseWeightOf: (baseId: string) => number;
  alarms: Alarm[];
  timings: Pick<RetrievalTrace['timings'], 'lexical_ms' | 'embed_ms' | 'dense_ms'>;
}

interface Words {
  found: WordHits[];
  error: unknown;
  ms: number;
}

interface Meaning {
  found: (readonly MeaningHits[])[];
  error: unknown;
}

const NO_HITS: WordHits = { hits: [], terms: 0 };

/** Searches for each query by words and by meaning. One dead leg is an alarm; when both are dead, its error is thrown. */
export async function searchLegs(
  queries: readonly string[],
  { ports, options, scope }: { ports: RetrievalPorts; options: RetrievalOptions; scope: SearchScope },
  signal: AbortSignal,
): Promise<SearchedLegs> {
  const ask = () => searchByMeaning(queries, { ports, scope }, signal);
  const early = options.baseIds.some((id) => options.denseWeightOf(id) > 0) ? ask() : null;
  const words = await searchByWords(queries, ports, scope);
  const hasTerms = words.found.some(({ terms }) => terms > 0);
  // A base that leaves meaning out is searched by it all the same when its words say nothing.
  const meaning = await (early ?? (hasTerms ? null : ask()));
  stopIfAborted(signal);
  const isMeaningAlive = meaning !== null && meaning.error === null;
  if (!hasTerms && !isMeaningAlive) throwFirst(meaning?.error, words.error);
  return {
    legs: queries.map((_, place) => ({
      lexical: words.found[place]?.hits ?? [],
      dense: joinByModel(meaning?.found[place] ?? []),
      limit: scope.limit,
    })),
    denseWeightOf: weightsFor(options, { hasTerms, isMeaningAlive }),
    alarms: alarmsOf({ words, meaning, hasTerms, isMeaningAlive }),
    timings: { lexical_ms: words.ms, ...timesOf(meaning) },
  };
}

function weightsFor(
  { denseWeightOf }: RetrievalOptions,
  { hasTerms, isMeaningAlive }: { hasTerms: boolean; isMeaningAlive: boolean },
): RetrievalOptions['denseWeightOf'] {
  if (!isMeaningAlive) return () => 0;
  return hasTerms ? denseWeightOf : () => 1;
}

function alarmsOf({
  words,
  meaning,
  hasTerms,
  isMeaningAlive,
}: {
  words: Words;
  meaning: Meaning | null;
  hasTerms: boolean;
  isMeaningAlive: boolean;
}): Alarm[] {
  const alarms: Alarm[] = [];
  if (words.error) alarms.push(wordsFailed(words.error));
  else if (!hasTerms) alarms.push(noTerms(isMeaningAlive));
  if (meaning?.error) alarms.push(meaningFailed(meaning.error));
  return alarms;
}

async function searchByWords(queries: readonly string[], ports: RetrievalPorts, scope: SearchScope): Promise<Words> {
  const now = ports.now ?? (() => performance.now());
  const begun = now();
  try {
    const found = await Promise.all(queries.map((query) => ports.searchWords(query, scope)));
    return { found, error: null, ms: now() - begun };
  } catch (error) {
    return { found: queries.map(() => NO_HITS), error, ms: now() - begun };
  }
}

/** Null where there are no embeddings. */
async function searchByMeaning(
  queries: readonly string[],
  { ports, scope }: { ports: RetrievalPorts; scope: SearchScope },
  signal: AbortSignal,
): Promise<Meaning | null> {
  const { searchMeaning } = ports;
  if (searchMeaning === null) return null;
  try {
    return { found: await Promise.all(queries.map((query) => searchMeaning(query, scope, signal))), error: null };
  } catch (error) {
    return { found: [], error };
  }
}

/** Spaces of one model are one leg. */
function joinByModel(spaces: readonly MeaningHits[]): IndexHit[][] {
  const legs = Map.groupBy(spaces, (space) => space.model ?? space);
  return [...legs.values()].map((same) =>
    same.flatMap(({ hits }) => hits).toSorted((one, other) => other.score - one.score),
  );
}

/** The slowest of each: queries and spaces are searched side by side. */
function timesOf(meaning: Meaning | null): Pick<SearchedLegs['timings'], 'embed_ms' | 'dense_ms'> {
  const spaces = meaning?.found.flat() ?? [];
  if (spaces.length === 0) return { embed_ms: null, dense_ms: null };
  return {
    embed_ms: Math.max(...spaces.map(({ embedMs }) => embedMs)),
    dense_ms: Math.max(...spaces.map(({ denseMs }) => denseMs)),
  };
}

/** Throws `request_aborted` once `signal` is aborted. */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new ParleyError('request_aborted', 'The search was stopped.', { cause: signal.reason });
}

function throwFirst(...errors: unknown[]): void {
  for (const error of errors) if (error) throw error;
}

function noTerms(isMeaningAlive: boolean): Alarm {
  const rest = isMeaningAlive ? 'It was searched by its meaning alone.' : 'Nothing could be searched.';
  return { kind: 'no-terms', message: `The question has no words that can be searched. ${rest}` };
}

function wordsFailed(error: unknown): Alarm {
  return { kind: 'words-failed', message: `The words could not be searched, only the meaning. ${messageOf(error)}` };
}

function meaningFailed(error: unknown): Alarm {
  const isStore = error instanceof ParleyError && error.code === 'vector_store_failed';
  const kind = isStore ? 'vector-store-failed' : 'embedding-failed';
  return { kind, message: `The meaning could not be searched, only the words. ${messageOf(error)}` };
}

/** What is no error of ours may hold anything, and is said to nobody. */
export function messageOf(error: unknown): string {
  return error instanceof ParleyError ? error.message : 'It failed for an unknown reason.';
}
