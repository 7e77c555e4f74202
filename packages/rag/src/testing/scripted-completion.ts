import type { ChatCompletionChunk, ChatCompletionRequest } from '@parley/contracts';
import type { StreamCompletion } from '../models/stream-completion.ts';

/** What the fake does next: send a text, reasoning or chunk, throw, or say nothing until it is aborted. */
export type ScriptStep =
  | string
  | { reasoning: string }
  | { chunk: ChatCompletionChunk }
  | { error: Error }
  | typeof SILENCE;

/** The model says nothing more and does not notice that it is aborted. */
export const SILENCE = { isSilent: true } as const;

/**
 * A fake way to the models: plays one script per call, in order, and records requests and whether
 * each stream was aborted. A call without a script throws.
 */
export class ScriptedCompletion {
  readonly requests: ChatCompletionRequest[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #scripts: ScriptStep[][];
  readonly #hasStarted = Promise.withResolvers<void>();

  constructor(...scripts: ScriptStep[][]) {
    this.#scripts = scripts;
  }

  /** Resolves with the first call. */
  get started(): Promise<void> {
    return this.#hasStarted.promise;
  }

  readonly complete: StreamCompletion = (request, signal) => {
    this.requests.push(request);
    this.signals.push(signal);
    this.#hasStarted.resolve();
    const script = this.#scripts.shift();
    if (!script) throw new Error('The fake model was called once more than its script says.');
    return play(script);
  };
}

/** The last chunk of an answer that ended well, with the usage beside it. */
export function endOf(reason = 'stop'): ScriptStep {
  const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
  return { chunk: { choices: [{ index: 0, delta: {}, finish_reason: reason }], usage } };
}

async function* play(script: ScriptStep[]): AsyncGenerator<ChatCompletionChunk> {
  for (const step of script) {
    if (step === SILENCE) await new Promise(() => {});
    else if (typeof step === 'string') yield toChunk({ content: step });
    else if ('error' in step) throw step.error;
    else if ('chunk' in step) yield step.chunk;
    else if ('reasoning' in step) yield toChunk({ reasoning_content: step.reasoning });
  }
}

function toChunk(delta: Record<string, string>): ChatCompletionChunk {
  return { choices: [{ index: 0, delta }] };
}
