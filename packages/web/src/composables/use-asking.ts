import type { ChatEvent, ChatRequest } from '@parley/contracts';
import type { NumberedEvent } from '../api/read-events.ts';
import { isStored, localMessages } from '../conversation/local-messages.ts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import type { useAnswerRuns } from './use-answer-runs.ts';
import type { MessageList } from './use-message-list.ts';

export interface AskPorts {
  ask: (body: ChatRequest, signal: AbortSignal) => AsyncIterable<NumberedEvent>;
  regenerate: (messageId: string, model: string | null, signal: AbortSignal) => AsyncIterable<NumberedEvent>;
  now: () => number;
}

export interface Question {
  text: string;
  model: string | null;
  conversationId: string | null;
  /** The answer that the question follows; null at the root. */
  parentId: string | null;
  /** The knowledge bases to answer from; null: those that the conversation remembers. */
  bases: string[] | null;
}

/** What another try may have others of. */
export type Retrying = Pick<Question, 'model' | 'bases'>;

/** Told each event of an answer; `asked` when it answers a question that this page has just sent. */
export type ChatListener = (event: ChatEvent, asked: Question | null) => void;

export interface Asking {
  list: MessageList;
  runs: ReturnType<typeof useAnswerRuns>;
  onEvent: ChatListener;
}

/** What starts answers: a question, and another try at one. Both resolve when the answer has ended. */
export function useAsking({ list, runs, onEvent }: Asking, ports: AskPorts) {
  const makeLocal = localMessages(ports.now);

  function send(asked: Question): Promise<void> {
    const { text, model, conversationId, parentId, bases } = asked;
    const question = makeLocal({ role: 'user', content: text, parentId, conversationId });
    const answer = makeLocal({ role: 'assistant', parentId: question.id, model, conversationId });
    list.add(question, answer);
    const place = conversationId === null ? {} : { conversation_id: conversationId, parent_id: parentId };
    const from = bases === null ? {} : { knowledge_bases: bases };
    const ask = (signal: AbortSignal) => ports.ask({ query: text, model, ...place, ...from }, signal);
    return runs.run(answer, ask, (event) => {
      if (event.type === 'start') {
        list.update({ ...question, id: event.user_message_id, conversation_id: event.conversation_id });
      }
      onEvent(event, asked);
    });
  }

  /** Another answer to the same question; one that the server never took is sent anew in its place. */
  function regenerate(of: ShownMessage, { model, bases }: Retrying): Promise<void> {
    const named = isStored(of) ? of : list.siblings(of).findLast(isStored);
    if (!isStored(of)) list.remove([of.key]);
    if (named === undefined) return resend(of, { model, bases });
    const { parent_id: parentId, conversation_id: conversationId } = named;
    const answer = makeLocal({ role: 'assistant', parentId, conversationId, model: model ?? named.model });
    list.add(answer);
    return runs.run(
      answer,
      (signal) => ports.regenerate(named.id, model, signal),
      (event) => onEvent(event, null),
    );
  }

  async function resend(failed: ShownMessage, trying: Retrying): Promise<void> {
    const question = list.messages.value.find((message) => message.id === failed.parent_id);
    if (question === undefined) return;
    list.remove([question.key]);
    const conversationId = question.conversation_id || null;
    await send({ text: question.content, ...trying, conversationId, parentId: question.parent_id });
  }

  return { send, regenerate };
}
