import { z } from 'zod';
import { ParleyError, rerankResultSchema, usageSchema } from '@parley/contracts';
import type { RankedTexts } from '../../engine.ts';

const resultsSchema = rerankResultSchema.shape.results;
// `results` is Jina's, Cohere's, vLLM's and Zhipu's word, `data` Voyage's.
const answerSchema = z
  .looseObject({
    results: resultsSchema.nullish(),
    data: resultsSchema.nullish(),
    usage: usageSchema.partial().nullish().catch(null),
  })
  .transform(({ results, data, usage }) => ({ results: results ?? data ?? [], usage: usage ?? null }));

/** A provider's scores of `count` texts. Throws `provider_failed` unless each text has exactly one. */
export function fromVendorRanking(answer: unknown, count: number): RankedTexts {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) {
    throw new ParleyError('provider_failed', 'The provider sent something that is no ranking.', {
      cause: parsed.error,
    });
  }
  const places = new Set(parsed.data.results.map(({ index }) => index).filter((index) => index < count));
  if (places.size === count && parsed.data.results.length === count) return parsed.data;
  throw new ParleyError('provider_failed', `The provider ranked ${places.size} of ${count} texts.`);
}
