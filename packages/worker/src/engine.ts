import type { FastifyBaseLogger } from 'fastify';
import type {
  ChatCompletionRequest,
  ChatDelta,
  ChunkExtension,
  EmbeddingList,
  EmbeddingRequest,
  RerankRequest,
  RerankResult,
  UpstreamModels,
  Usage,
  WorkerFacts,
} from '@parley/contracts';

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
  /** Our own beside OpenAI's fields; only when the request asks for it. */
  extension?: ChunkExtension;
}

/** Tokens of a request that answers no text; providers do not all say every number. */
export type TextUsage = NonNullable<EmbeddingList['usage']>;

export interface EmbeddedTexts {
  /** In the order of the texts; as long as each other, and none of them all zeros. */
  vectors: number[][];
  usage: TextUsage | null;
}

export interface RankedTexts {
  /** One for each text, best first. */
  results: RerankResult['results'];
  usage: TextUsage | null;
}

/**
 * What produces answers: a built-in program or a provider's API. Everything throws `ParleyError`,
 * and ends soon after `signal` aborts. An engine without `embed` or `rerank` has no such models.
 * `close` is called once, after the last answer.
 */
export interface Engine {
  /**
   * Reads what it needs before the first request, a model's file; called once, and the worker
   * registers after it. Throws `model_file_missing`, `model_file_unreadable`, `model_too_large`.
   */
  load?(onLoading: (percent: number | null) => void): Promise<void>;
  generate(request: ChatCompletionRequest, signal: AbortSignal): AsyncIterable<EngineChunk>;
  embed?(request: EmbeddingRequest, signal: AbortSignal): Promise<EmbeddedTexts>;
  rerank?(request: RerankRequest, signal: AbortSignal): Promise<RankedTexts>;
  /** What the vendor or server behind it serves. An engine without it serves one model of its own. */
  listModels?(signal: AbortSignal): Promise<UpstreamModels['models']>;
  /** How many requests it runs at once, where only the loaded model tells; the setting `concurrency` otherwise. */
  concurrency?(): number;
  /** Figures of this moment, for whoever watches. */
  facts?(): WorkerFacts;
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
  /** Where the engine alone may put files while it runs; null: among the system's temporary files. */
  scratchFolder: string | null;
}
