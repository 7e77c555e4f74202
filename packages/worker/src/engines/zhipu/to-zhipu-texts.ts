import { ParleyError, type EmbeddingRequest, type RerankRequest } from '@parley/contracts';
import type { BatchLimits } from '../online/batches.ts';

// docs.bigmodel.cn, text embedding: at most 64 texts in one request; those of embedding-2 have 8K
// tokens together, and vectors of one length.
const MAX_TEXTS = 64;
const EMBEDDING_2 = { tokens: 6_000, dimensions: 1_024 };
// The same, reranking: at most 128 texts, 4,096 characters of each and of the query.
const MAX_RANKED_TEXTS = 128;
const MAX_RANKED_LENGTH = 4_096;

/** How much one request may hold; the estimate of tokens leaves room. */
export function embeddingLimits(model: string, batchSize: number | null | undefined): BatchLimits {
  const texts = Math.min(batchSize ?? MAX_TEXTS, MAX_TEXTS);
  return { texts, tokens: model === 'embedding-2' ? EMBEDDING_2.tokens : Number.POSITIVE_INFINITY };
}

export function rerankLimits(batchSize: number | null | undefined): BatchLimits {
  return { texts: Math.min(batchSize ?? MAX_RANKED_TEXTS, MAX_RANKED_TEXTS), tokens: Number.POSITIVE_INFINITY };
}

/** The fields beside the texts, in Zhipu's words; those that it does not know are left out. */
export function toEmbeddingFields(model: string): (request: EmbeddingRequest) => Record<string, unknown> {
  return ({ dimensions }) => {
    if (typeof dimensions !== 'number') return {};
    if (model !== 'embedding-2') return { dimensions };
    if (dimensions === EMBEDDING_2.dimensions) return {};
    const message = `embedding-2 makes embeddings of ${EMBEDDING_2.dimensions} numbers, not of ${dimensions}.`;
    throw new ParleyError('invalid_request', message, { param: 'dimensions' });
  };
}

export function toRerankFields({ return_documents }: RerankRequest): Record<string, unknown> {
  return typeof return_documents === 'boolean' ? { return_documents } : {};
}

/** A longer text would be refused; like every reranker, this one judges by the beginning. */
export function toRankable(text: string): string {
  if (text.length <= MAX_RANKED_LENGTH) return text;
  // Not between the halves of a surrogate pair.
  return text.slice(0, MAX_RANKED_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}
