import { expandToSection } from './expand-to-section.ts';
import type { FoundPassages } from './find-passages.ts';
import { fuseLegs, type FusedHit, type LegPlace } from './fuse-legs.ts';
import { packPassages, type DropReason, type PackedPassages } from './pack-passages.ts';
import type { ScoredChunk } from './passage-index.ts';
import { isOffTopic } from './question-coverage.ts';
import { fuseByRank } from './rank-fusion.ts';
import { rerankHits, type Candidate } from './rerank-hits.ts';
import type { RetrievalOptions, RetrievalPorts } from './retrieval-ports.ts';
import { searchLegs, stopIfAborted, type Alarm, type SearchedLegs } from './search-legs.ts';
import { toTrace } from './to-trace.ts';

/** Passages that each leg finds, unless told otherwise. */
const DEFAULT_CANDIDATES = 50;

/**
 * Finds passages for a question, which may be searched for in several forms: by words and by
 * meaning, fused, ordered anew, checked against their stored text and packed. The trace holds each
 * passage that was seen and why it was left out, and an alarm for each part that did not work; a
 * search of which nothing worked throws. Passages that only their words brought up and that are
 * about something else are `not-relevant`: then there are no sources.
 */
export async function retrieve(
  queries: readonly string[],
  { ports, options }: { ports: RetrievalPorts; options: RetrievalOptions },
  signal: AbortSignal,
): Promise<FoundPassages> {
  const now = ports.now ?? (() => performance.now());
  const begun = now();
  const { baseIds, documentIds, candidates: limit = DEFAULT_CANDIDATES } = options;
  const searched = await searchLegs(queries, { ports, options, scope: { baseIds, documentIds, limit } }, signal);
  const found = await readCandidates(fuseQueries(searched).slice(0, limit), ports);
  const ranked = await rank(queries, { found, ports, now }, signal);
  const packed = await pack(queries, ranked.candidates, { ports, options });
  stopIfAborted(signal);
  const trace = toTrace({
    queries,
    baseIds,
    candidates: ranked.candidates,
    packed,
    alarms: [...searched.alarms, ...ranked.alarms],
    timings: { ...searched.timings, rerank_ms: ranked.ms, total_ms: now() - begun },
  });
  return { sources: packed.sources, trace };
}

/** One order over all queries: each query's legs by their scores, then the queries by rank. */
function fuseQueries({ legs, denseWeightOf }: SearchedLegs): FusedHit[] {
  const lists = legs.map((some) => fuseLegs(some, denseWeightOf));
  const [only] = lists;
  if (only && lists.length === 1) return only;
  const places = Map.groupBy(lists.flat(), ({ chunkId }) => chunkId);
  return fuseByRank(lists, ({ chunkId }) => chunkId).map(({ item, score }) => {
    const same = places.get(item.chunkId) ?? [];
    const lexical = same.map((hit) => hit.lexical).reduce(higher);
    const dense = same.map((hit) => hit.dense).reduce(higher);
    return { ...item, lexical, dense, fused: score };
  });
}

function higher(one: LegPlace | null, other: LegPlace | null): LegPlace | null {
  return one === null || (other !== null && other.rank < one.rank) ? other : one;
}

/** What is gone or disabled meanwhile falls out here. */
async function readCandidates(hits: readonly FusedHit[], ports: RetrievalPorts): Promise<Candidate[]> {
  const chunks = hits.length === 0 ? [] : await ports.readChunks(hits.map(({ chunkId }) => chunkId));
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  return hits.flatMap((hit) => {
    const chunk = byId.get(hit.chunkId);
    return chunk ? [{ chunk, hit, reranked: null }] : [];
  });
}

async function rank(
  queries: readonly string[],
  { found, ports, now }: { found: Candidate[]; ports: RetrievalPorts; now: () => number },
  signal: AbortSignal,
): Promise<{ candidates: Candidate[]; alarms: Alarm[]; ms: number | null }> {
  // The first form of the question says the most about what is meant.
  const [query] = queries;
  if (ports.rerank === null || query === undefined || found.length === 0) {
    return { candidates: found, alarms: [], ms: null };
  }
  const begun = now();
  const { candidates, alarm } = await rerankHits(query, { candidates: found, rerank: ports.rerank }, signal);
  return { candidates, alarms: alarm ? [alarm] : [], ms: now() - begun };
}

async function pack(
  queries: readonly string[],
  candidates: readonly Candidate[],
  { ports, options }: { ports: RetrievalPorts; options: RetrievalOptions },
): Promise<PackedPassages> {
  // What was found by its meaning may have no word in common with the question.
  const isByWordsAlone = candidates.every(({ hit }) => hit.dense === null);
  const chunks = candidates.map(({ chunk }) => chunk);
  if (!options.keepsOffTopic && isByWordsAlone && chunks.length > 0 && isOffTopic(queries, chunks)) {
    return { sources: [], dropped: new Map(chunks.map(({ id }) => [id, 'not-relevant' satisfies DropReason])) };
  }
  const scored = candidates.map(({ chunk, hit, reranked }) => ({ chunk, score: reranked ?? hit.fused }));
  return packPassages(await widen(scored, { ports, options }), ports.readSpan, options);
}

/** The passages that have a chance to be taken, with what stands around them. */
async function widen(
  scored: readonly ScoredChunk[],
  { ports, options }: { ports: RetrievalPorts; options: RetrievalOptions },
): Promise<ScoredChunk[]> {
  const { readSpan } = ports;
  const { sectionTokens: tokens, passages } = options;
  return Promise.all(
    scored.map(async ({ chunk, score }, place) => {
      const siblings = tokens !== undefined && place < passages ? await ports.readSiblings?.(chunk) : undefined;
      if (tokens === undefined || siblings === undefined) return { chunk, score };
      return { chunk: await expandToSection(chunk, { siblings, readSpan, tokens }), score };
    }),
  );
}
