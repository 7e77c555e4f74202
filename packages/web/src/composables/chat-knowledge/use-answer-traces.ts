import type { Message, RetrievalTrace } from '@parley/contracts';
import { shallowRef } from 'vue';
import { readTrace } from '../../api/messages.ts';
import { isStored } from '../../conversation/local-messages.ts';

/** `trace` null: nothing was searched for this answer. */
export type TraceState =
  | { status: 'loading' }
  | { status: 'ready'; trace: RetrievalTrace | null }
  | { status: 'error'; error: unknown };

/** Traces that are read at a time: a long conversation has many, and nobody waits for the last. */
const PARALLEL = 2;

export interface AnswerTracesOptions {
  /** Whether answers of the open conversation are given from documents of its reader. */
  hasDocuments: () => boolean;
  read?: typeof readTrace;
}

/** How answers were found. Kept as long as the page stands: a trace never changes. */
export function useAnswerTraces({ hasDocuments, read = readTrace }: AnswerTracesOptions) {
  const states = shallowRef<ReadonlyMap<string, TraceState>>(new Map());
  const waiting: string[] = [];
  let running = 0;

  const of = (id: string): TraceState | null => states.value.get(id) ?? null;
  const set = (id: string, state: TraceState) => (states.value = new Map(states.value).set(id, state));

  /** Asks for one that is not there yet; one that failed is tried again. */
  function want(id: string): void {
    const state = of(id);
    if (state !== null && state.status !== 'error') return;
    set(id, { status: 'loading' });
    waiting.push(id);
    pump();
  }

  function pump(): void {
    while (running < PARALLEL) {
      // The newest first: it is what stands on the screen.
      const id = waiting.pop();
      if (id === undefined) return;
      running += 1;
      void load(id);
    }
  }

  async function load(id: string): Promise<void> {
    try {
      set(id, { status: 'ready', trace: await read(id) });
    } catch (error) {
      set(id, { status: 'error', error });
    }
    running -= 1;
    pump();
  }

  /** Whether something may be told of how an answer was found, without being asked for it. */
  function isWorthReading(answer: Message): boolean {
    if (answer.status === 'streaming' || answer.content === '' || !isStored(answer)) return false;
    return answer.sources.length === 0 ? hasDocuments() : answer.sources.some((source) => source.base_id !== null);
  }

  return { of, want, isWorthReading };
}

export type AnswerTraces = ReturnType<typeof useAnswerTraces>;
