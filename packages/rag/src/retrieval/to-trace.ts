import type { RetrievalTrace, TracedHit } from '@parley/contracts';
import type { PackedPassages } from './pack-passages.ts';
import type { Candidate } from './rerank-hits.ts';

/** What retrieval knows at its end. */
export interface Retrieved extends Pick<RetrievalTrace, 'alarms'> {
  queries: readonly string[];
  baseIds: readonly string[];
  /** In the order in which they were packed. */
  candidates: readonly Candidate[];
  packed: PackedPassages;
  timings: Omit<RetrievalTrace['timings'], 'condense_ms'>;
}

/** The trace of a search; whoever rewrote the question adds that. */
export function toTrace({ queries, baseIds, candidates, packed, alarms, timings }: Retrieved): RetrievalTrace {
  const kept = candidates.filter(({ chunk }) => !packed.dropped.has(chunk.id));
  const indexes = new Map(kept.map(({ chunk }, place) => [chunk.id, place + 1]));
  return {
    question: queries[0] ?? '',
    queries: [...queries],
    base_ids: [...baseIds],
    hits: candidates.map((candidate) => toTracedHit(candidate, { indexes, packed })),
    alarms,
    timings: { condense_ms: null, ...timings },
  };
}

function toTracedHit(
  { chunk, hit, reranked }: Candidate,
  { indexes, packed }: { indexes: ReadonlyMap<string, number>; packed: PackedPassages },
): TracedHit {
  return {
    chunk_id: chunk.id,
    base_id: hit.baseId,
    document_id: chunk.documentId,
    version_id: chunk.versionId,
    title: chunk.title,
    heading_path: [...chunk.headingPath],
    page: chunk.page,
    start: chunk.start,
    end: chunk.end,
    text: chunk.text,
    flags: [...chunk.flags],
    lexical: hit.lexical,
    dense: hit.dense,
    fused: hit.fused,
    reranked,
    index: indexes.get(chunk.id) ?? null,
    dropped: packed.dropped.get(chunk.id) ?? null,
  };
}
