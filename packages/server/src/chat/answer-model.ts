import type { ModelView } from '@parley/contracts';
import type { AnswerEvent, StreamCompletion, Turn } from '@parley/rag';

/** One question, with all that a chain needs to answer it. */
export interface AnswerTask {
  question: string;
  /** Oldest first; what does not fit the memory is dropped by the chain. */
  turns: readonly Turn[];
  model: ModelView;
  /** Who asks. */
  userId: string;
  /** The knowledge bases to answer from; empty: none. */
  baseIds: readonly string[];
  complete: StreamCompletion;
}

/**
 * The chain behind a model: memory and passages to prompt, prompt to answer. An answer that is
 * whole ends with a `finish`; one that is not throws `ParleyError`.
 */
export interface AnswerModel {
  answer(task: AnswerTask, signal: AbortSignal): AsyncIterable<AnswerEvent>;
}
