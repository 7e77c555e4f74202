import { ParleyError } from '@parley/contracts';
import type { StreamCompletion } from '@parley/rag';
import { AnswerBeginning } from './answer-beginning.ts';
import { Patience, type PatienceOptions } from './patience.ts';

/** An answer that kills worker after worker is given up, for the sake of the others. */
const MOST_BREAKS = 3;
/** Half an answer is worth a longer wait than none. */
const LONGER_PATIENCE_MS = 30_000;

export interface PatientCompletionOptions extends PatienceOptions {
  /** Told before each pause. */
  onWait: () => void;
}

/**
 * Asks again, for some seconds, when it fails for a reason that passes: for the whole answer while
 * nothing of it was shown, then for the rest of it, where the worker sends tokens with the text
 * (`parley_token_ids`). No word is shown twice, and none is left out.
 */
export function patientCompletion(
  complete: StreamCompletion,
  { onWait, ...options }: PatientCompletionOptions,
): StreamCompletion {
  return async function* ask(request, signal) {
    const beginning = new AnswerBeginning();
    let patience = new Patience(options);
    let breaks = 0;
    let failure: unknown = null;
    for (;;) {
      let hasSpoken = false;
      try {
        for await (const chunk of complete(beginning.restOf(request) ?? request, signal)) {
          if (beginning.push(chunk)) hasSpoken = true;
          yield chunk;
        }
        return;
      } catch (error) {
        if (hasSpoken) {
          patience = new Patience({ ...options, patienceMs: LONGER_PATIENCE_MS });
          breaks += 1;
        }
        // Whoever cannot go on says so of the request; what the reader should hear is why it broke off.
        failure = reasonOf(error, breaks === 0 ? null : failure);
        const isOver = signal.aborted || breaks > MOST_BREAKS || beginning.restOf(request) === null;
        if (isOver || !patience.allows(error)) throw failure;
      }
      onWait();
      await patience.pause(signal);
    }
  };
}

function reasonOf(error: unknown, before: unknown): unknown {
  const isRefusal = error instanceof ParleyError && error.code === 'invalid_request';
  return isRefusal && before !== null ? before : error;
}
