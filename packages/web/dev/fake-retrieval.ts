import type { BaseDocument, ChunkView, Evaluation, KnowledgeBase, RetrievalTrace, TracedHit } from '@parley/contracts';

const REASONS = ['too-many', 'not-relevant', 'no-room'] as const;

/** FAKE: a search that finds every passage; nothing was ranked by anything. */
export function fakeTrace(
  query: string,
  document: BaseDocument,
  passages: (ChunkView & { text: string })[],
): RetrievalTrace {
  const hits = passages.map((passage, place) => toHit(passage, { place, document }));
  const alarms = query.includes('alarm')
    ? [{ kind: 'rerank-failed' as const, message: 'bge-reranker-v2-m3 did not answer within 5 s.' }]
    : [];
  const timings = { condense_ms: null, lexical_ms: 3.4, embed_ms: 31, dense_ms: 8.6, rerank_ms: 62, total_ms: 109 };
  const found = query.includes('nothing') ? [] : hits;
  return { question: query, queries: [query], base_ids: ['handbook'], hits: found, alarms, timings };
}

function toHit(
  { id, ordinal: _ordinal, is_enabled: _enabled, ...passage }: ChunkView & { text: string },
  { place, document }: { place: number; document: BaseDocument },
): TracedHit {
  const { base_id, id: document_id, version_id, title } = document;
  const isFlagged = passage.flags.length > 0;
  const isKept = place < 4 && !isFlagged;
  return {
    ...passage,
    chunk_id: id,
    base_id,
    document_id,
    version_id,
    title,
    lexical: place === 2 ? null : { rank: place + 1, score: 14.2 / (place + 1) },
    dense: place === 1 ? null : { rank: 9 - place, score: 0.82 - place * 0.07 },
    fused: 0.93 / (1 + place * 0.6),
    reranked: place < 5 ? 0.97 / (1 + place) : null,
    index: isKept ? place + 1 : null,
    dropped: isKept ? null : isFlagged ? 'flagged' : (REASONS[place % 3] ?? null),
  };
}

const quality = (ndcg10: number) => ({ ndcg10, recall10: ndcg10 + 0.08, recall100: 0.951, mrr10: ndcg10 - 0.04 });

/** FAKE figures: nothing was measured. */
export function fakeEvaluation(base: KnowledgeBase, isTuning: boolean): Evaluation {
  const { retrieval } = base.settings;
  const answer = {
    queries: 14,
    lexical: quality(0.612),
    dense: quality(0.648),
    fused: quality(retrieval.dense_weight === 0.6 ? 0.731 : 0.684),
    dense_weight: retrieval.dense_weight,
    best_dense_weight: 0.6,
  };
  if (isTuning) retrieval.dense_weight = 0.6;
  return answer;
}
