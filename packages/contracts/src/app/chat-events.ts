import { z } from 'zod';
import { errorCodeSchema } from '../errors/error-body.ts';
import { usageSchema } from '../openai/chat-completion-chunk.ts';
import { sourceSchema } from './sources.ts';

/** What is being waited for before the first token, in the order in which it happens. */
export const waitingForSchema = z.enum(['retrieval', 'queue', 'loading', 'prompt']);

/** How an answer ended. `stopped`: by its reader; `failed`: with an error; `interrupted`: the server died under it. */
export const answerStatusSchema = z.enum(['streaming', 'complete', 'stopped', 'failed', 'interrupted']);
export type AnswerStatus = z.infer<typeof answerStatusSchema>;

export const answerErrorSchema = z.object({ code: errorCodeSchema, message: z.string(), retryable: z.boolean() });
export type AnswerError = z.infer<typeof answerErrorSchema>;

/** Milliseconds since the run began; null where that moment did not come. */
export const timingsSchema = z.object({ first_token_ms: z.number().nullable(), total_ms: z.number().nullable() });
export type Timings = z.infer<typeof timingsSchema>;

/**
 * One event of an answer, from chain to screen.
 *
 * On the wire (`toChatFrame`): a `text-delta` is an SSE message of the default name whose data is
 * `{"message_id", "text"}`, the seeds' shape. Every other event is a named SSE message, whose data
 * is JSON without a `text` field, so that a client of the seeds' shape skips it even when its
 * reader hands it named events too.
 */
export const chatEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    message_id: z.string(),
    conversation_id: z.string(),
    user_message_id: z.string(),
    model: z.string(),
  }),
  z.object({
    type: z.literal('status'),
    message_id: z.string(),
    waiting_for: waitingForSchema,
    position: z.number().int().optional(),
    /** How much of the model's file, or of the prompt, has been read: 0 to 100. */
    percent: z.number().min(0).max(100).optional(),
  }),
  z.object({ type: z.literal('sources'), message_id: z.string(), sources: z.array(sourceSchema) }),
  z.object({ type: z.literal('text-delta'), message_id: z.string(), text: z.string() }),
  z.object({ type: z.literal('reasoning-delta'), message_id: z.string(), reasoning: z.string() }),
  /** The whole answer so far, when the log that a reader asks to continue is gone: replace, do not append. */
  z.object({ type: z.literal('snapshot'), message_id: z.string(), content: z.string() }),
  z.object({ type: z.literal('title'), message_id: z.string(), conversation_id: z.string(), title: z.string() }),
  z.object({
    type: z.literal('done'),
    message_id: z.string(),
    status: answerStatusSchema.exclude(['streaming']),
    finish_reason: z.string().nullable(),
    usage: usageSchema.nullable(),
    timings: timingsSchema,
  }),
  /** Followed by `done` with status `failed`. */
  z.object({ type: z.literal('error'), message_id: z.string(), error: answerErrorSchema }),
]);
export type ChatEvent = z.infer<typeof chatEventSchema>;

/** An SSE message: `event` null is the default name. */
export interface ChatFrame {
  event: string | null;
  data: string;
}

/** Event to wire. */
export function toChatFrame(event: ChatEvent): ChatFrame {
  const { type, ...data } = event;
  return { event: type === 'text-delta' ? null : type, data: JSON.stringify(data) };
}

/** Wire to event; null for what this version does not know (a newer server's event, a ping). */
export function fromChatFrame(frame: { event?: string | null | undefined; data: string }): ChatEvent | null {
  const type = !frame.event || frame.event === 'message' ? 'text-delta' : frame.event;
  const parsed = chatEventSchema.safeParse({ type, ...parseObject(frame.data) });
  return parsed.success ? parsed.data : null;
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
