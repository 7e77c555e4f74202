import { z } from 'zod';
import { usageSchema } from './chat-completion-chunk.ts';

/** The most texts that one request may hold; providers take between 64 and 2,048. */
export const MAX_EMBEDDING_INPUTS = 2_048;

/**
 * `POST /v1/embeddings` (platform.openai.com/docs/api-reference/embeddings/create); texts only, no
 * token ids. Fields that we do not name pass through.
 */
export const embeddingRequestSchema = z.looseObject({
  model: z.string().min(1).max(256),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(MAX_EMBEDDING_INPUTS)]),
  dimensions: z.number().int().min(1).max(65_536).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});
export type EmbeddingRequest = z.infer<typeof embeddingRequestSchema>;

/** A whole answer; `data` in the order of the input, each with its place. */
export const embeddingListSchema = z.looseObject({
  object: z.literal('list').default('list'),
  data: z.array(z.looseObject({ index: z.number().int().nonnegative(), embedding: z.array(z.number()) })),
  model: z.string().nullish(),
  usage: usageSchema.partial().nullish(),
});
export type EmbeddingList = z.infer<typeof embeddingListSchema>;
