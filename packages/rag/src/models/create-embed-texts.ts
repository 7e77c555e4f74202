import { ParleyError, type EmbeddingList, type EmbeddingRequest, type RerankRequest, type RerankResult } from '@parley/contracts';
import type { EmbedTexts, RerankTexts } from './embed-texts.ts';

export interface EmbedTextsOptions {
  /** One request to the model's API. */
  embed: (request: EmbeddingRequest, signal: AbortSignal) => Promise<EmbeddingList>;
  /** The model's name at the gateway. */
  model: string;
  /** Texts in one request; default 64. */
  batchSize?: number;
}

/**
 * The `EmbedTexts` port over an OpenAI-style API, one batch after the other. What is no vector for
 * each text, in finite numbers, not all of them zero, is `embedding_failed`.
 */
export function createEmbedTexts({ embed, model, batchSize = 64 }: EmbedTextsOptions): EmbedTexts {
  return async (texts, signal) => {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < texts.length; from += batchSize) {
      const input = texts.slice(from, from + batchSize);
      vectors.push(...toVectors(await embed({ model, input }, signal), input.length));
    }
    const isOneLength = vectors.every(({ length }) => length === vectors[0]?.length);
    if (!isOneLength) throw failed('answered vectors of different lengths');
    return vectors;
  };
}

/** The `RerankTexts` port over a rerank API. A text that it leaves out counts as the worst. */
export function createRerankTexts({
  rerank,
  model,
}: {
  rerank: (request: RerankRequest, signal: AbortSignal) => Promise<RerankResult>;
  model: string;
}): RerankTexts {
  return async (query, texts, signal) => {
    if (texts.length === 0) return [];
    const { results } = await rerank({ model, query, documents: [...texts] }, signal);
    const scores = new Array<number>(texts.length).fill(Number.NEGATIVE_INFINITY);
    for (const { index, relevance_score: score } of results) if (index < scores.length) scores[index] = score;
    return scores;
  };
}

function toVectors({ data }: EmbeddingList, count: number): Float32Array[] {
  const inOrder = data.toSorted((one, other) => one.index - other.index);
  const isComplete = inOrder.length === count && inOrder.every(({ index }, place) => index === place);
  if (!isComplete) throw failed(`answered ${data.length} vectors for ${count} texts`);
  return inOrder.map(({ embedding }) => normalised(embedding));
}

function normalised(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  if (values.length === 0 || !Number.isFinite(length) || length === 0) throw failed('answered a vector without a direction');
  return Float32Array.from(values, (value) => value / length);
}

function failed(what: string): ParleyError {
  return new ParleyError('embedding_failed', `The embedding model ${what}.`);
}
