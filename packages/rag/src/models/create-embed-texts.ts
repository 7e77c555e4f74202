import {
  ParleyError,
  type EmbeddingList,
  type EmbeddingRequest,
  type RerankRequest,
  type RerankResult,
} from '@parley/contracts';
import type { EmbedTexts, RerankTexts } from './embed-texts.ts';
import { toUnitVectors } from './to-unit-vectors.ts';

export interface EmbedTextsOptions {
  /** One request to the model's API. */
  embed: (request: EmbeddingRequest, signal: AbortSignal) => Promise<EmbeddingList>;
  /** The model's name at the gateway. */
  model: string;
  /** Texts in one request; default 64. */
  batchSize?: number;
  /** Requests at the same time; default 1. */
  concurrency?: number;
}

/**
 * The `EmbedTexts` port over an OpenAI-style API, in batches. What is no vector for each text, in
 * finite numbers, not all of them zero, is `embedding_failed`; the first failure ends the other
 * requests.
 */
export function createEmbedTexts(options: EmbedTextsOptions): EmbedTexts {
  const { embed, model, batchSize = 64, concurrency = 1 } = options;
  return async (texts, signal) => {
    const ended = new AbortController();
    const ask = async (input: string[]) =>
      inOrder(await embed({ model, input }, AbortSignal.any([signal, ended.signal])), input.length);
    const vectors: number[][] = [];
    try {
      for (const batches of inGroups(inGroups(texts, batchSize), concurrency)) {
        vectors.push(...(await Promise.all(batches.map(ask))).flat());
      }
    } finally {
      ended.abort();
    }
    return toUnitVectors(vectors, texts.length);
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
    const scores = texts.map(() => Number.NEGATIVE_INFINITY);
    for (const { index, relevance_score: score } of results) if (index < scores.length) scores[index] = score;
    return scores;
  };
}

function inOrder({ data }: EmbeddingList, count: number): number[][] {
  const sorted = data.toSorted((one, other) => one.index - other.index);
  const isComplete = sorted.length === count && sorted.every(({ index }, place) => index === place);
  if (isComplete) return sorted.map(({ embedding }) => embedding);
  throw new ParleyError(
    'embedding_failed',
    `The embedding model answered ${data.length} vectors for ${count} texts, not one for each.`,
  );
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, place) => items.slice(place * size, (place + 1) * size));
}
