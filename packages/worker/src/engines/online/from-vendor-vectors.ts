import { z } from 'zod';
import { ParleyError, usageSchema } from '@parley/contracts';
import type { EmbeddedTexts } from '../../engine.ts';

// Vectors are checked by hand: there may be millions of numbers, and a schema for each is slow.
const vectorSchema = z.custom<number[]>((value) => Array.isArray(value) && value.every(Number.isFinite));
const answerSchema = z.looseObject({
  data: z.array(z.looseObject({ index: z.number().int().nonnegative().nullish(), embedding: vectorSchema })),
  usage: usageSchema.partial().nullish().catch(null),
});

/**
 * A provider's vectors in the order of the `count` texts, whatever order they came in. Throws
 * `provider_failed` unless there is one for each: a vector in the wrong place, or one of zeros,
 * would be stored and found for ever after.
 */
export function fromVendorVectors(answer: unknown, count: number): EmbeddedTexts {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw failed('sent something that holds no embeddings', parsed.error);
  const { data, usage } = parsed.data;
  if (data.length !== count) throw failed(`sent ${data.length} embeddings for ${count} texts`);
  const vectors = new Map(data.map(({ index, embedding }, place) => [index ?? place, embedding]));
  return { vectors: Array.from({ length: count }, (_, place) => usable(vectors.get(place))), usage: usage ?? null };
}

function usable(vector: number[] | undefined): number[] {
  if (vector === undefined) throw failed('left out the embedding of a text');
  if (vector.every((value) => value === 0)) throw failed('sent an embedding of nothing but zeros');
  return vector;
}

function failed(what: string, cause?: unknown): ParleyError {
  return new ParleyError('provider_failed', `The provider ${what}.`, cause === undefined ? {} : { cause });
}
