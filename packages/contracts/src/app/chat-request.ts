import { z } from 'zod';

/** The longest question, in UTF-16 units: 1 Mi, about a thousand pages. */
export const MAX_QUERY_LENGTH = 1024 * 1024;

const historyTurnSchema = z.looseObject({
  role: z.enum(['user', 'assistant']),
  content: z.string().max(MAX_QUERY_LENGTH),
});

/**
 * `POST /api/chat`: the seeds' four fields, and ours. Answered with chat events over SSE.
 * An empty `conversation_id` makes a conversation. `history` is taken only for a new
 * conversation (as its memory); a stored one remembers by itself.
 */
export const chatRequestSchema = z.object({
  query: z
    .string()
    .max(MAX_QUERY_LENGTH)
    .refine((text) => text.trim() !== '', 'must not be blank'),
  conversation_id: z.string().max(64).nullish(),
  conversation_name: z.string().max(500).nullish(),
  history: z.array(historyTurnSchema).max(1000).nullish(),
  /** A model of `GET /api/models`; the conversation's last, or the first that is ready, when left out. */
  model: z.string().min(1).max(256).nullish(),
  /**
   * Knowledge bases to answer from, by id; kept with the conversation, so that the next question may
   * leave them out. An empty list: none. The files dropped into the conversation are always searched.
   */
  knowledge_bases: z.array(z.string().max(64)).max(50).nullish(),
  /** The answer (or null: the root) that this question follows; the newest answer when left out. */
  parent_id: z.string().max(64).nullish(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** `POST /api/messages/:id/regenerate`: a new answer beside the one named; answered like a chat. */
export const regenerateRequestSchema = z.object({ model: z.string().min(1).max(256).nullish() });
export type RegenerateRequest = z.infer<typeof regenerateRequestSchema>;
