import { ParleyError, type AnswerError, type Message } from '@parley/contracts';
import type { ShownMessage } from './message-tree.ts';

/** A stored message as shown. */
export const toShown = (message: Message): ShownMessage => ({ ...message, key: message.id });

export interface LocalMessage {
  id: string;
  role: Message['role'];
  parentId: string | null;
  content?: string;
  model?: string | null;
  conversationId: string | null;
  createdAt: number;
}

/** A message that the server has not named yet; the `start` event gives it its id. */
export function createLocalMessage(local: LocalMessage): ShownMessage {
  return {
    key: local.id,
    id: local.id,
    conversation_id: local.conversationId ?? '',
    parent_id: local.parentId,
    role: local.role,
    status: local.role === 'user' ? 'complete' : 'streaming',
    content: local.content ?? '',
    reasoning: null,
    model: local.model ?? null,
    sources: [],
    usage: null,
    timings: null,
    error: null,
    created_at: local.createdAt,
  };
}

/** A thrown thing as the error strip shows it. */
export function toAnswerError(error: unknown): AnswerError {
  if (error instanceof ParleyError) return { code: error.code, message: error.message, retryable: error.isRetryable };
  return { code: 'internal_error', message: String(error), retryable: false };
}
