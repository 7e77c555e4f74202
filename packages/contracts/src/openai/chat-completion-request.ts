import { z } from 'zod';

/** The most text, in UTF-16 units, that all messages of one request may hold together: 4 Mi. Images do not count. */
export const MAX_TEXT_LENGTH = 4 * 1024 * 1024;

const contentPartSchema = z.looseObject({ type: z.string().min(1), text: z.string().optional() });
const contentSchema = z.union([z.string(), z.array(contentPartSchema)]);

export const chatMessageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: contentSchema.nullish(),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/**
 * `POST /v1/chat/completions` (platform.openai.com/docs/api-reference/chat/create).
 * Ranges are checked before a worker sees them; fields that we do not name pass through.
 */
export const chatCompletionRequestSchema = z.looseObject({
  model: z.string().min(1).max(256),
  messages: z.array(chatMessageSchema).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.number().int().min(1).max(10_000_000).nullish(),
  max_completion_tokens: z.number().int().min(1).max(10_000_000).nullish(),
  n: z.number().int().min(1).max(16).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  seed: z.number().int().nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  user: z.string().max(512).nullish(),
  /** Ours: tell in the stream which place in the queue the request has, then how far the prompt has been read. */
  parley_report_status: z.boolean().nullish(),
  /** Ours: send the ids of the tokens beside the text, for `parley_continue_from`. */
  parley_token_ids: z.boolean().nullish(),
  /**
   * Ours: the beginning of this very answer, written by another worker of the same model before it
   * died. The answer goes on after it, as if it had never stopped; the beginning is not sent again.
   */
  parley_continue_from: z
    .object({
      /** Ids as they were streamed; exact. */
      token_ids: z.array(z.number().int().nonnegative()).max(1_000_000),
      /** The seed that the first worker named. */
      seed: z.number().int().nonnegative(),
    })
    .nullish(),
});
export type ChatCompletionRequest = z.infer<typeof chatCompletionRequestSchema>;

/** The text of a message; image and audio parts are left out. */
export function textOfMessage(message: ChatMessage): string {
  const { content } = message;
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}
