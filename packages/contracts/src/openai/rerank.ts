import { z } from 'zod';
import { usageSchema } from './chat-completion-chunk.ts';

/**
 * `POST /v1/rerank`, as Jina, Cohere, vLLM and Zhipu speak it (docs.vllm.ai, "Rerank API"): how well
 * each document answers the query.
 */
export const rerankRequestSchema = z.looseObject({
  model: z.string().min(1).max(256),
  query: z.string().min(1),
  documents: z.array(z.string()).min(1).max(1_000),
  top_n: z.number().int().min(1).nullish(),
});
export type RerankRequest = z.infer<typeof rerankRequestSchema>;

/** Best first; `index` is the place in the request's `documents`. */
export const rerankResultSchema = z.looseObject({
  results: z.array(z.looseObject({ index: z.number().int().nonnegative(), relevance_score: z.number() })),
  model: z.string().nullish(),
  usage: usageSchema.partial().nullish(),
});
export type RerankResult = z.infer<typeof rerankResultSchema>;
