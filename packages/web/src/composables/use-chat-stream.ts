import { computed } from 'vue';
import type { ChatEvent, Message } from '@parley/contracts';
import * as chatApi from '../api/chat.ts';
import { isStored } from '../conversation/local-messages.ts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { toShown } from '../conversation/shown-message.ts';
import { useAnswerRuns, type RunPorts } from './use-answer-runs.ts';
import { useAsking, type AskPorts, type ChatListener } from './use-asking.ts';
import { useMessageList } from './use-message-list.ts';
import { onNextFrame, wait } from './wait.ts';

export type ChatStatus = 'ready' | 'submitted' | 'streaming' | 'error';

export interface ChatStreamPorts extends RunPorts, AskPorts {
  nextFrame: (callback: () => void) => void;
}

const defaultPorts: ChatStreamPorts = { ...chatApi, wait, nextFrame: onNextFrame, now: Date.now };
const isRunning = (message: Message) => message.status === 'streaming';

/** The open conversation's messages, and all that makes answers: ask, try again, stop, follow, resume. */
export function useChatStream(onEvent: ChatListener, ports: ChatStreamPorts = defaultPorts) {
  const list = useMessageList(ports.nextFrame);
  const runs = useAnswerRuns(list, ports);
  const { send, regenerate } = useAsking({ list, runs, onEvent }, ports);

  const tail = computed(() => list.path.value.at(-1) ?? null);
  const status = computed(() => toStatus(tail.value));
  /** What the next question follows. */
  const lastAnswer = computed(
    () => list.path.value.findLast((message) => message.role === 'assistant' && isStored(message)) ?? null,
  );

  const listen = (event: ChatEvent) => onEvent(event, null);

  /** Shows stored messages and goes on with the answers among them that are still being written. */
  function open(messages: readonly Message[]): void {
    runs.leave();
    list.reset(messages.map(toShown));
    for (const message of list.messages.value.filter(isRunning)) void runs.run(message, message.id, listen);
  }

  /** Ends the shown answer on the server. */
  async function stop(): Promise<void> {
    if (tail.value && isRunning(tail.value)) await runs.stop(tail.value);
  }

  const { path, siblings, show, update } = list;
  const shown = { path, siblings, show, tail, status, lastAnswer, progress: runs.progress };
  return { ...shown, send, regenerate, update, stop, open, leave: runs.leave };
}

function toStatus(tail: ShownMessage | null): ChatStatus {
  if (tail?.status === 'streaming') return tail.content === '' ? 'submitted' : 'streaming';
  return tail?.status === 'failed' ? 'error' : 'ready';
}
