import type { ChatCompletionChunk } from '@parley/contracts';
import type { StreamCompletion } from '@parley/rag';
import { Patience, type PatienceOptions } from './patience.ts';

export interface PatientCompletionOptions extends PatienceOptions {
  /** Told before each pause. */
  onWait: () => void;
}

/** Asks again, for some seconds, while nothing was said yet and the reason is one that passes. */
export function patientCompletion(
  complete: StreamCompletion,
  { onWait, ...options }: PatientCompletionOptions,
): StreamCompletion {
  return async function* ask(request, signal) {
    const patience = new Patience(options);
    for (;;) {
      let hasSpoken = false;
      try {
        for await (const chunk of complete(request, signal)) {
          hasSpoken ||= hasContent(chunk);
          yield chunk;
        }
        return;
      } catch (error) {
        if (hasSpoken || signal.aborted || !patience.allows(error)) throw error;
      }
      onWait();
      await patience.pause(signal);
    }
  };
}

function hasContent({ choices }: ChatCompletionChunk): boolean {
  return choices.some(({ delta, finish_reason }) => Boolean(delta.content || delta.reasoning_content || finish_reason));
}
