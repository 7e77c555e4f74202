import { ParleyError, type AnswerError, type Message } from '@parley/contracts';
import type { ShownMessage } from './message-tree.ts';

/** A stored message as shown. */
export const toShown = (message: Message): ShownMessage => ({ ...message, key: message.id });

/** A thrown thing as the error strip shows it. */
export function toAnswerError(error: unknown): AnswerError {
  if (error instanceof ParleyError) return { code: error.code, message: error.message, retryable: error.isRetryable };
  return { code: 'internal_error', message: String(error), retryable: false };
}
