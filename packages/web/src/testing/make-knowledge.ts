import {
  baseSettingsSchema,
  type BaseDocument,
  type EmbeddingSpace,
  type KnowledgeBase,
  type RetrievalTrace,
  type TracedHit,
} from '@parley/contracts';

/** A base for tests; what a test is about is named, the rest is plain. */
export function makeBase(part: Partial<KnowledgeBase> = {}): KnowledgeBase {
  return {
    id: 'b1',
    name: 'Handbook',
    description: '',
    kind: 'base',
    role: 'owner',
    owner_name: 'Ada',
    visibility: 'private',
    settings: baseSettingsSchema.parse({}),
    documents: { ready: 0, running: 0, failed: 0 },
    chunks: 0,
    spaces: [],
    alarms: [],
    created_at: 0,
    updated_at: 0,
    ...part,
  };
}

export function makeSpace(part: Partial<EmbeddingSpace> = {}): EmbeddingSpace {
  const figures = { dimensions: 1024, done: 10, total: 10 };
  return { id: 's1', model: 'embedding-3', state: 'active', ...figures, error: null, created_at: 0, ...part };
}

/** A document that is ready, unless said otherwise. */
export function makeBaseDocument(part: Partial<BaseDocument> & { id: string }): BaseDocument {
  return {
    base_id: 'b1',
    name: `${part.id}.pdf`,
    title: '',
    kind: 'file',
    media_type: 'application/pdf',
    size: 1000,
    state: 'ready',
    percent: 100,
    error: null,
    is_enabled: true,
    version_id: 'v1',
    version: 1,
    chunks: 3,
    pages: 1,
    characters: 900,
    flags: [],
    created_at: 0,
    updated_at: 0,
    ...part,
  };
}

/** A hit that both searches found and the prompt has. */
export function makeHit(part: Partial<TracedHit> & { chunk_id: string }): TracedHit {
  return {
    base_id: 'b1',
    document_id: 'd1',
    version_id: 'v1',
    title: 'Handbook',
    heading_path: [],
    page: null,
    start: 0,
    end: 10,
    text: `Text of ${part.chunk_id}.`,
    flags: [],
    lexical: { rank: 1, score: 10 },
    dense: { rank: 1, score: 0.8 },
    fused: 0.9,
    reranked: null,
    index: 1,
    dropped: null,
    ...part,
  };
}

export function makeTrace(hits: TracedHit[], part: Partial<RetrievalTrace> = {}): RetrievalTrace {
  const stages = { condense_ms: null, lexical_ms: 3, embed_ms: 30, dense_ms: 8, rerank_ms: null };
  const timings = { ...stages, total_ms: 42 };
  return { question: 'Why?', queries: ['Why?'], base_ids: ['b1'], hits, alarms: [], timings, ...part };
}
