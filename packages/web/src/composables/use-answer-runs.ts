import { shallowRef } from 'vue';
import type { ChatEvent } from '@parley/contracts';
import type { NumberedEvent } from '../api/read-events.ts';
import { applyEvent } from '../conversation/apply-event.ts';
import { isStored } from '../conversation/local-messages.ts';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { resumingEvents, type FollowedEvent, type FollowPorts } from '../conversation/resuming-events.ts';
import { toAnswerError } from '../conversation/shown-message.ts';
import type { MessageList } from './use-message-list.ts';

/** What an answer waits for; `connection` when the page lost it and tries again. */
export interface Progress {
  waitingFor: Extract<ChatEvent, { type: 'status' }>['waiting_for'] | 'connection' | 'start';
  position: number | null;
  /** How much of the model's file or of the prompt has been read, 0 to 100; null when not known. */
  percent: number | null;
}

export type RunListener = (event: ChatEvent) => void;

export interface RunPorts extends FollowPorts {
  stop: (messageId: string) => Promise<void>;
}

/** Follows answers that are being written, each into its message. Leaving ends no answer; stopping does. */
export function useAnswerRuns(list: MessageList, ports: RunPorts) {
  const { progress, setProgress, clearProgress } = useProgress();
  /** Keys of answers that were stopped before the server had named them. */
  const stopsWanted = new Set<string>();
  let leaving = new AbortController();

  /** Reads one answer to its end. `source` makes its first connection, or names an answer already begun. */
  async function run(answer: ShownMessage, source: RunSource, listen: RunListener): Promise<void> {
    const { signal } = leaving;
    const draft = createDraft(answer);
    const first = typeof source === 'string' ? source : source(signal);
    setProgress(answer.key, { waitingFor: 'start', position: null, percent: null });
    try {
      for await (const event of resumingEvents(first, ports, signal)) {
        if (signal.aborted) return;
        list.update(draft.take(event));
        setProgress(answer.key, progressOf(event, progress.value.get(answer.key)));
        if (isChatEvent(event)) listen(event);
        if (event.type === 'start') begin(answer.key, event.message_id);
      }
    } catch (error) {
      if (signal.aborted) return;
      list.update({ ...draft.shown(), status: 'failed', error: toAnswerError(error) });
    }
    if (signal.aborted) return;
    list.flush();
    setProgress(answer.key, null);
  }

  function begin(key: string, messageId: string): void {
    list.flush();
    // The reader has long gone on; an answer that could not be stopped ends by itself.
    if (stopsWanted.delete(key)) void ports.stop(messageId).catch(() => undefined);
  }

  /** Ends an answer on the server; resolves once that is done, or will be as soon as it has an id. */
  async function stop(answer: ShownMessage): Promise<void> {
    if (isStored(answer)) await ports.stop(answer.id);
    else stopsWanted.add(answer.key);
  }

  function leave(): void {
    leaving.abort();
    leaving = new AbortController();
    clearProgress();
  }

  return { progress, run, stop, leave };
}

function useProgress() {
  const progress = shallowRef<ReadonlyMap<string, Progress>>(new Map());

  function setProgress(key: string, next: Progress | null): void {
    if (next === null && !progress.value.has(key)) return;
    const all = new Map(progress.value);
    if (next === null) all.delete(key);
    else all.set(key, next);
    progress.value = all;
  }

  return { progress, setProgress, clearProgress: () => (progress.value = new Map()) };
}

export type RunSource = string | ((signal: AbortSignal) => AsyncIterable<NumberedEvent>);

/** The answer as it grows. During a replay the longer text stays on screen, so that nothing flickers. */
function createDraft(answer: ShownMessage) {
  let draft = answer;
  let before = '';
  const shown = () => (draft.content.length < before.length ? { ...draft, content: before } : draft);
  return {
    shown,
    take(event: FollowedEvent): ShownMessage {
      if (event.type === 'replay') {
        before = draft.content;
        draft = { ...draft, content: '', reasoning: null };
      } else if (event.type !== 'connection-lost') {
        draft = applyEvent(draft, event);
        if (event.type === 'done' || event.type === 'snapshot') before = '';
      }
      return shown();
    },
  };
}

function isChatEvent(event: FollowedEvent): event is ChatEvent {
  return event.type !== 'connection-lost' && event.type !== 'replay';
}

function progressOf(event: FollowedEvent, now: Progress | undefined): Progress | null {
  switch (event.type) {
    case 'connection-lost':
      return { waitingFor: 'connection', position: null, percent: null };
    case 'status':
      return { waitingFor: event.waiting_for, position: event.position ?? null, percent: event.percent ?? null };
    case 'start':
    case 'replay':
      return { waitingFor: 'start', position: null, percent: null };
    case 'sources':
    case 'title':
      return now ?? null;
    default:
      return null;
  }
}
