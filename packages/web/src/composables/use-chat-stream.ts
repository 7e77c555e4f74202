import { computed } from 'vue';
import type { ChatEvent, ChatRequest, Message } from '@parley/contracts';
import * as chatApi from '../api/chat.ts';
import type { NumberedEvent } from '../api/read-events.ts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { createLocalMessage, toShown } from '../conversation/shown-message.ts';
import { useAnswerRuns, type RunSource } from './use-answer-runs.ts';
import { useMessageList } from './use-message-list.ts';
import { onNextFrame, wait } from './wait.ts';

export type ChatStatus = 'ready' | 'submitted' | 'streaming' | 'error';

export interface ChatStreamPorts {
  ask(body: ChatRequest, signal: AbortSignal): AsyncIterable<NumberedEvent>;
  regenerate(messageId: string, model: string | null, signal: AbortSignal): AsyncIterable<NumberedEvent>;
  follow(messageId: string, lastEventId: string | null, signal: AbortSignal): AsyncIterable<NumberedEvent>;
  stop(messageId: string): Promise<void>;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  nextFrame(callback: () => void): void;
  now(): number;
}

export interface Question {
  text: string;
  model: string | null;
  conversationId: string | null;
  /** The answer that the question follows; null at the root. */
  parentId: string | null;
}

const defaultPorts: ChatStreamPorts = { ...chatApi, wait, nextFrame: onNextFrame, now: Date.now };
const LOCAL_PREFIX = 'local-';
const isStored = (message: Message) => !message.id.startsWith(LOCAL_PREFIX);

/** The open conversation's messages, and all that makes answers: ask, try again, stop, follow, resume. */
export function useChatStream(onEvent: (event: ChatEvent) => void, ports: ChatStreamPorts = defaultPorts) {
  const list = useMessageList(ports.nextFrame);
  const runs = useAnswerRuns(list, ports);
  /** Keys of answers that were stopped before the server had named them. */
  const stopsWanted = new Set<string>();
  let localCount = 0;

  const tail = computed(() => list.path.value.at(-1) ?? null);
  const status = computed(() => toStatus(tail.value));
  /** What the next question follows. */
  const lastAnswer = computed(
    () => list.path.value.findLast((message) => message.role === 'assistant' && isStored(message)) ?? null,
  );

  function addLocal(local: Omit<Parameters<typeof createLocalMessage>[0], 'id' | 'createdAt'>): ShownMessage {
    localCount += 1;
    const message = createLocalMessage({ ...local, id: `${LOCAL_PREFIX}${localCount}`, createdAt: ports.now() });
    list.add(message);
    return message;
  }

  function run(answer: ShownMessage, source: RunSource, question?: ShownMessage): Promise<void> {
    return runs.run(answer, source, (event) => {
      if (event.type === 'start') {
        if (question) list.update({ ...question, id: event.user_message_id, conversation_id: event.conversation_id });
        list.flush();
        if (stopsWanted.delete(answer.key)) void ports.stop(event.message_id).catch(() => undefined);
      }
      onEvent(event);
    });
  }

  function send({ text, model, conversationId, parentId }: Question): Promise<void> {
    const question = addLocal({ role: 'user', content: text, parentId, conversationId });
    const answer = addLocal({ role: 'assistant', parentId: question.id, model, conversationId });
    const place = conversationId === null ? {} : { conversation_id: conversationId, parent_id: parentId };
    return run(answer, (signal) => ports.ask({ query: text, model, ...place }, signal), question);
  }

  /** Another answer to the same question; one that the server never took is sent anew in its place. */
  function regenerate(of: ShownMessage, model: string | null): Promise<void> {
    const named = isStored(of) ? of : list.siblings(of).findLast(isStored);
    if (!isStored(of)) list.remove([of.key]);
    if (named === undefined) return resend(of, model);
    const { parent_id: parentId, conversation_id: conversationId } = named;
    const answer = addLocal({ role: 'assistant', parentId, conversationId, model: model ?? named.model });
    return run(answer, (signal) => ports.regenerate(named.id, model, signal));
  }

  async function resend(failed: ShownMessage, model: string | null): Promise<void> {
    const question = list.messages.value.find((message) => message.id === failed.parent_id);
    if (question === undefined) return;
    list.remove([question.key]);
    const conversationId = question.conversation_id || null;
    await send({ text: question.content, model, conversationId, parentId: question.parent_id });
  }

  /** Ends the shown answer on the server; resolves once that is done. */
  async function stop(): Promise<void> {
    const answer = tail.value;
    if (answer === null || answer.status !== 'streaming') return;
    if (isStored(answer)) await ports.stop(answer.id);
    else stopsWanted.add(answer.key);
  }

  /** Shows stored messages and goes on with the answers among them that are still being written. */
  function open(messages: readonly Message[]): void {
    runs.leave();
    list.reset(messages.map(toShown));
    for (const message of list.messages.value) if (message.status === 'streaming') void run(message, message.id);
  }

  const { path, siblings, show } = list;
  return {
    path,
    siblings,
    show,
    tail,
    status,
    lastAnswer,
    progress: runs.progress,
    send,
    regenerate,
    stop,
    open,
    leave: runs.leave,
  };
}

function toStatus(tail: ShownMessage | null): ChatStatus {
  if (tail?.status === 'streaming') return tail.content === '' ? 'submitted' : 'streaming';
  return tail?.status === 'failed' ? 'error' : 'ready';
}
