import type { Message } from '@parley/contracts';
import { saveFeedback } from '../api/messages.ts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { useAttempt } from './knowledge/use-attempt.ts';

/** Gives an answer the reader's thumb: shown at once, taken back when it could not be stored. */
export function useFeedback(update: (message: ShownMessage) => void) {
  const attempt = useAttempt();

  return async function rate(answer: ShownMessage, feedback: Message['feedback']): Promise<void> {
    update({ ...answer, feedback });
    if (!(await attempt(() => saveFeedback(answer.id, feedback)))) update(answer);
  };
}
