import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError, type ChatCompletionChunk, type ErrorCode } from '@parley/contracts';
import type { StreamCompletion } from '@parley/rag';

/** What passes when a process of ours restarts, which takes it a second or two. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'gateway_unreachable',
  'controller_unreachable',
  'no_worker_for_model',
  'worker_unreachable',
  'stream_interrupted',
]);
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

export interface PatienceOptions {
  /** How long failures are waited out. */
  patienceMs?: number;
  /** Milliseconds that only go forward; a clock that is set back would make it wait for hours. */
  now?: () => number;
  /** Told before each pause. */
  onWait: () => void;
}

/** Asks again, for some seconds, while nothing was said yet and the reason is one that passes. */
export function patientCompletion(
  complete: StreamCompletion,
  { patienceMs = 5_000, now = () => performance.now(), onWait }: PatienceOptions,
): StreamCompletion {
  return async function* ask(request, signal) {
    const deadline = now() + patienceMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      let hasSpoken = false;
      try {
        for await (const chunk of complete(request, signal)) {
          hasSpoken ||= hasContent(chunk);
          yield chunk;
        }
        return;
      } catch (error) {
        const isOver = hasSpoken || signal.aborted || now() + pause > deadline;
        if (isOver || !isPassing(error)) throw error;
      }
      onWait();
      await delay(pause, undefined, { signal });
    }
  };
}

function isPassing(error: unknown): boolean {
  return error instanceof ParleyError && PASSING.has(error.code);
}

function hasContent({ choices }: ChatCompletionChunk): boolean {
  return choices.some(({ delta, finish_reason }) => Boolean(delta.content || delta.reasoning_content || finish_reason));
}
