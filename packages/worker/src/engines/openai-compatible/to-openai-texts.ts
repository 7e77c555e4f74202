import type { EmbeddingRequest, RerankRequest } from '@parley/contracts';

/** Embedding servers take 32 texts and more: Text Embeddings Inference and SiliconFlow exactly so many. */
export const SAFE_BATCH = 32;
/** Rerankers take more, and should see all candidates together where they can. */
export const SAFE_RANKED = 128;
/** OpenAI takes 300,000 tokens in one request; ours are an estimate. */
export const SAFE_TOKENS = 200_000;

/**
 * The fields that go along with the texts to be embedded. Floats are asked for, whatever the caller
 * wants: base64 is not known to every server, and the worker can make it.
 */
export function toEmbeddingFields(request: EmbeddingRequest): Record<string, unknown> {
  return passedFields(request, ['input', 'encoding_format']);
}

/** Those that go along with the texts to be ranked. All scores are asked for; the best are taken from the whole. */
export function toRerankFields(request: RerankRequest): Record<string, unknown> {
  return passedFields(request, ['documents', 'top_n']);
}

// As in a chat completion: fields that only Parley knows, and nulls, stay here.
function passedFields(request: Record<string, unknown>, kept: readonly string[]): Record<string, unknown> {
  const isPassed = ([name, value]: [string, unknown]) =>
    value !== null && !kept.includes(name) && !name.startsWith('parley_');
  return Object.fromEntries(Object.entries(request).filter(isPassed));
}
