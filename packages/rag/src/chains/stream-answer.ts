import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages';
import type { Runnable } from '@langchain/core/runnables';
import { ParleyError, usageSchema, type Usage } from '@parley/contracts';
import { QuietCallbacks } from '../models/quiet-callbacks.ts';
import type { AnswerEvent } from './answer-event.ts';

/** What the prompts of the library are filled with. */
export interface PromptValues {
  history: BaseMessage[];
  question: string;
  passages?: string;
}

/** A prompt piped into a model. */
export type AnswerChain = Runnable<PromptValues, AIMessageChunk>;

/**
 * Runs a chain as answer events. Throws `request_aborted` when `signal` aborts, else what the model
 * threw. Leaving the loop early ends the model's stream.
 */
export async function* streamAnswer(
  chain: AnswerChain,
  values: PromptValues,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  let reason = 'stop';
  let usage: Usage | null = null;
  try {
    for await (const chunk of await chain.stream(values, { signal, callbacks: new QuietCallbacks() })) {
      yield* toEvents(chunk);
      reason = finishReasonOf(chunk) ?? reason;
      usage = usageOf(chunk) ?? usage;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ParleyError('request_aborted', 'The answer was stopped.', { cause: error });
  }
  yield { type: 'finish', reason, usage };
}

function* toEvents({ content, additional_kwargs: extra }: AIMessageChunk): Generator<AnswerEvent> {
  const reasoning = extra['reasoning_content'];
  if (typeof reasoning === 'string' && reasoning !== '') yield { type: 'reasoning-delta', reasoning };
  if (typeof content === 'string' && content !== '') yield { type: 'text-delta', text: content };
}

function finishReasonOf({ response_metadata: metadata }: AIMessageChunk): string | null {
  const reason: unknown = metadata['finish_reason'];
  return typeof reason === 'string' ? reason : null;
}

function usageOf({ response_metadata: metadata }: AIMessageChunk): Usage | null {
  return usageSchema.safeParse(metadata['usage']).data ?? null;
}
