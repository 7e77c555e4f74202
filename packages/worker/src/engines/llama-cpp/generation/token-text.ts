import type { LlamaModel, Token } from 'node-llama-cpp';

/** A character has four bytes at most; more tokens without one are no beginning of a character. */
const LONGEST_WAIT = 4;
/** The detokenizer needs a few tokens before to place spaces. */
const CONTEXT = 8;
const BROKEN = '\uFFFD';

/** The text of tokens as they come. A character that several tokens make comes whole, with the last. */
export class TokenText {
  readonly #weights: LlamaModel;
  readonly #before: Token[];
  #waiting: Token[] = [];

  /** `before`: the end of the prompt. */
  constructor(weights: LlamaModel, before: readonly Token[]) {
    this.#weights = weights;
    this.#before = before.slice(-CONTEXT);
  }

  push(token: Token): string {
    this.#waiting.push(token);
    const text = this.#weights.detokenize(this.#waiting, false, this.#before);
    return text.endsWith(BROKEN) && this.#waiting.length < LONGEST_WAIT ? '' : this.#take(text);
  }

  /** What is left at the end; a character that was begun shows as one that is broken. */
  flush(): string {
    if (this.#waiting.length === 0) return '';
    return this.#take(this.#weights.detokenize(this.#waiting, false, this.#before));
  }

  #take(text: string): string {
    this.#before.push(...this.#waiting);
    this.#before.splice(0, this.#before.length - CONTEXT);
    this.#waiting = [];
    return text;
  }
}
