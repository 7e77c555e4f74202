import type { z } from 'zod';
import type {
  ChatCompletionChunk,
  ChatCompletionRequest,
  ModelView,
  Source,
  Usage,
  waitingForSchema,
} from '@parley/contracts';

/** One request to the gateway, as a stream of its chunks. Throws `ParleyError`. */
export type StreamCompletion = (
  request: ChatCompletionRequest,
  signal: AbortSignal,
) => AsyncIterable<ChatCompletionChunk>;

/** An earlier question and its answer. */
export interface Turn {
  question: string;
  answer: string;
}

export interface AnswerTask {
  question: string;
  /** Oldest first; what does not fit the memory is dropped by the chain. */
  turns: readonly Turn[];
  model: ModelView;
  complete: StreamCompletion;
}

/** What comes out of a chain. A `finish` is the last of an answer that is whole. */
export type AnswerEvent =
  | { type: 'status'; waiting_for: z.infer<typeof waitingForSchema> }
  | { type: 'sources'; sources: Source[] }
  | { type: 'text-delta'; text: string }
  | { type: 'reasoning-delta'; reasoning: string }
  | { type: 'finish'; finish_reason: string; usage: Usage | null };

/** The chain behind a model: memory and passages to prompt, prompt to answer. */
export interface AnswerModel {
  answer(task: AnswerTask, signal: AbortSignal): AsyncIterable<AnswerEvent>;
}
