import { z } from 'zod';
import { usageSchema } from '../openai/chat-completion-chunk.ts';
import { answerErrorSchema, answerStatusSchema, timingsSchema } from './chat-events.ts';
import { sourceSchema } from './sources.ts';

/** Milliseconds since 1970, UTC. */
const timeSchema = z.number().int();

export const conversationSchema = z.object({
  id: z.string(),
  title: z.string(),
  created_at: timeSchema,
  updated_at: timeSchema,
  /** An answer of it is being written now. */
  is_running: z.boolean(),
  /** The knowledge bases that its last question was answered from. */
  knowledge_bases: z.array(z.string()).default([]),
  /** The base of the files that were dropped into it; null when there are none. */
  files_base_id: z.string().nullable().default(null),
});
export type Conversation = z.infer<typeof conversationSchema>;

/** `GET /api/conversations?before=…&limit=…`, newest first; `next` continues the list. */
export const conversationPageSchema = z.object({
  conversations: z.array(conversationSchema),
  next: z.string().nullable(),
});
export type ConversationPage = z.infer<typeof conversationPageSchema>;

export const MAX_TITLE_LENGTH = 200;
const titleSchema = z.string().trim().min(1).max(MAX_TITLE_LENGTH);
/** `POST /api/conversations` (the seeds' `create_conversation`), answered with the conversation and 201. */
export const createConversationRequestSchema = z.object({ name: titleSchema.nullish() });
/** `POST /api/conversations/:id/files-base`: the base of the files dropped into it, made when there is none yet; answered with the base. */
/** `PATCH /api/conversations/:id`. */
export const renameConversationRequestSchema = z.object({ title: titleSchema });

export const messageSchema = z.object({
  id: z.string(),
  conversation_id: z.string(),
  /** The message that this one follows; null at the root. Siblings are edits and regenerations. */
  parent_id: z.string().nullable(),
  role: z.enum(['user', 'assistant']),
  status: answerStatusSchema,
  content: z.string(),
  reasoning: z.string().nullable(),
  model: z.string().nullable(),
  sources: z.array(sourceSchema),
  usage: usageSchema.nullable(),
  timings: timingsSchema.nullable(),
  error: answerErrorSchema.nullable(),
  /** The reader's thumb. */
  feedback: z
    .union([z.literal(1), z.literal(-1)])
    .nullable()
    .default(null),
  created_at: timeSchema,
});
export type Message = z.infer<typeof messageSchema>;

/** `GET /api/conversations/:id/messages`: the whole tree, oldest first; the page picks the path it shows. */
export const messageListSchema = z.object({ messages: z.array(messageSchema) });
export type MessageList = z.infer<typeof messageListSchema>;

/** `POST /api/messages/:id/stop`, answered once the end is stored; saying it again is harmless. */
export const stoppedMessageSchema = z.object({ status: answerStatusSchema });
export type StoppedMessage = z.infer<typeof stoppedMessageSchema>;
