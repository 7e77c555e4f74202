import type { ChatCompletionChunk, ChatCompletionRequest } from '@parley/contracts';

/** What of an answer has been shown, as far as a worker can go on after it. */
export class AnswerBeginning {
  readonly #ids: number[] = [];
  #seed: number | null = null;
  #hasSpoken = false;
  #isExact = true;

  /** Takes the next chunk; answers whether it shows something. */
  push({ choices, parley }: ChatCompletionChunk): boolean {
    const hasText = choices.some(({ delta }) =>
      Boolean(delta.content || delta.reasoning_content || delta['tool_calls']),
    );
    const hasEnd = choices.some(({ finish_reason }) => Boolean(finish_reason));
    const ids = parley?.token_ids ?? [];
    // Text without its tokens is a vendor's, who cannot be asked to go on; nor can one go on after the end.
    if (hasEnd || (hasText && ids.length === 0)) this.#isExact = false;
    this.#ids.push(...ids);
    this.#seed = parley?.seed ?? this.#seed;
    this.#hasSpoken ||= hasText || hasEnd;
    return hasText || hasEnd;
  }

  /** What to ask for the rest: the request itself while nothing was shown; null where nobody can go on. */
  restOf(request: ChatCompletionRequest): ChatCompletionRequest | null {
    if (!this.#hasSpoken) return request;
    if (!this.#isExact || this.#seed === null) return null;
    return { ...request, parley_continue_from: { token_ids: [...this.#ids], seed: this.#seed } };
  }
}
