import type { AnswerEvent } from './chains/answer-event.ts';
import type { ChatInput, KnowledgeBaseInput } from './chains/chat-input.ts';
import type { TitleInput } from './chains/model-title.ts';

// LangChain comes with the first answer, not with the process: it takes about 40 MB, which an idle
// server need not hold, and a fifth of a second, which a start need not wait for.

/**
 * Answers a question of a conversation. Throws `ParleyError`: what the model's port threw,
 * `stream_interrupted` for a stream without an end, `request_aborted` as soon as `signal` aborts.
 */
export async function* answerChat(input: ChatInput, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const { runChatChain } = await import('./chains/chat-chain.ts');
  yield* runChatChain(input, signal);
}

/** Answers a question from a knowledge base, with sources; otherwise as `answerChat`. */
export async function* answerFromKnowledgeBase(
  input: KnowledgeBaseInput,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const { runKnowledgeBaseChain } = await import('./chains/knowledge-base-chain.ts');
  yield* runKnowledgeBaseChain(input, signal);
}

/**
 * A title for a first exchange, written by the model (bounded; the caller's `signal` is its time
 * limit). Never throws: where the model fails it is `titleFromQuestion`.
 */
export async function writeTitle(input: TitleInput, signal: AbortSignal): Promise<string> {
  const chains = await import('./chains/model-title.ts');
  return chains.writeTitle(input, signal);
}
