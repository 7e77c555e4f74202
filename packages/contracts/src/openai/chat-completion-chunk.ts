import { z } from 'zod';

export const usageSchema = z.looseObject({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: z.number().int().nonnegative(),
  total_tokens: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof usageSchema>;

export const finishReasonSchema = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);
export type FinishReason = z.infer<typeof finishReasonSchema>;

/** What one chunk adds to the answer. Loose: tool calls, log probabilities and vendors' fields pass through. */
export const chatDeltaSchema = z.looseObject({
  role: z.string().nullish(),
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
});
export type ChatDelta = z.infer<typeof chatDeltaSchema>;

/** Our own beside OpenAI's fields; sent only to who asked for it (`parley_…` of the request). */
export const chunkExtensionSchema = z.object({
  /** The place in the queue of the model, from the gateway: 1 is next, 0 when a worker has the request. Without choices. */
  queue_position: z.number().int().nonnegative().optional(),
  /** How much of the prompt has been read, 0 to 100. Stands in a chunk without choices. */
  prompt_percent: z.number().min(0).max(100).optional(),
  /** Ids of the tokens of this chunk's text. */
  token_ids: z.array(z.number().int().nonnegative()).optional(),
  /** The seed of this answer, in its first chunk. */
  seed: z.number().int().nonnegative().optional(),
});
export type ChunkExtension = z.infer<typeof chunkExtensionSchema>;

/** One `data:` of a streamed chat completion, as other servers send it (read loosely). */
export const chatCompletionChunkSchema = z.looseObject({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z.array(
    z.looseObject({
      index: z.number().int().nonnegative().default(0),
      delta: chatDeltaSchema.default({}),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usageSchema.nullish(),
  parley: chunkExtensionSchema.nullish().catch(null),
});
export type ChatCompletionChunk = z.infer<typeof chatCompletionChunkSchema>;

/** A whole answer, `object: "chat.completion"`. */
export const chatCompletionSchema = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.looseObject({ index: z.number().int(), message: chatDeltaSchema, finish_reason: z.string().nullable() }),
  ),
  usage: usageSchema.nullish(),
});
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;
