import type { ChatRequest } from '@parley/contracts';
import type { StoredMessage } from '../conversations/message-row.ts';
import type { Turn } from '@parley/rag';

/** A path of the tree, root first, as turns. */
export function toTurns(path: readonly StoredMessage[]): Turn[] {
  return path.flatMap((message, index) => {
    const question = path[index - 1];
    const isAnswer = message.role === 'assistant' && question?.role === 'user';
    return isAnswer ? [{ question: question.content, answer: message.content }] : [];
  });
}

/**
 * What a client brings along as history, as turns. Neighbours of one role are joined; an answer
 * without a question before it and a question without an answer after it are left out.
 */
export function fromHistory(history: ChatRequest['history']): Turn[] {
  const turns: Turn[] = [];
  let question = '';
  let last: string | null = null;
  for (const { role, content } of history ?? []) {
    const turn = turns.at(-1);
    if (role === 'user') question = last === 'user' ? `${question}\n\n${content}` : content;
    else if (last === 'user') turns.push({ question, answer: content });
    else if (turn && last === 'assistant') turn.answer += `\n\n${content}`;
    last = role;
  }
  return turns;
}
