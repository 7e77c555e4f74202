import type { FastifyBaseLogger } from 'fastify';
import type { ChatCompletionRequest, ChatDelta, Usage } from '@parley/contracts';

/** What an engine adds to an answer. Tool calls and vendors' fields stand in `delta` as they came. */
export interface EngineChunk {
  /** Which of the `n` answers. */
  index: number;
  delta: ChatDelta;
  /** Set on the last chunk of an answer. An answer that never gets one counts as interrupted. */
  finish_reason: string | null;
  /** Tokens of the whole request, on one late chunk. */
  usage: Usage | null;
  logprobs?: unknown;
}

/**
 * What produces answers: a built-in program or a provider's API. `generate` throws `ParleyError`,
 * and ends soon after `signal` aborts. `close` is called once, after the last answer.
 */
export interface Engine {
  generate(request: ChatCompletionRequest, signal: AbortSignal): AsyncIterable<EngineChunk>;
  close(): Promise<void>;
}

/** Waits; rejects as soon as `signal` aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** What every engine is handed from outside. */
export interface EngineTools {
  logger: FastifyBaseLogger;
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: Sleep;
}
