import type { ChatCompletionChunk, ChatCompletionRequest } from '@parley/contracts';

/**
 * The way to the models, handed in: `rag` has no network. Yields the chunks of one completion in
 * order, the last one with choices carrying the finish reason; throws `ParleyError`. When `signal`
 * aborts, it frees what it holds and ends or throws.
 */
export type StreamCompletion = (
  request: ChatCompletionRequest,
  signal: AbortSignal,
) => AsyncIterable<ChatCompletionChunk>;
