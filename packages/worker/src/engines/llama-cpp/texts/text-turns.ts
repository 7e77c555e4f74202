import type { LlamaContextSequence, LlamaEmbeddingContext, LlamaRankingContext } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';
import { forgetEverything } from '../sequences/forget-everything.ts';

/** Lets texts go through an encoder's one sequence, each after the one before. */
export class TextTurns {
  readonly #context: LlamaEmbeddingContext | LlamaRankingContext;
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: LlamaEmbeddingContext | LlamaRankingContext) {
    this.#context = context;
  }

  /** Does `work` in its turn. Throws `model_failed` where llama.cpp fails; the next text finds the sequence empty. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => this.#orForget(work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #orForget<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      // Not part of the library's public interface; only what failed within it needs this.
      const sequence: unknown = Reflect.get(this.#context, '_sequence');
      await forgetEverything(sequence as LlamaContextSequence);
      throw new ParleyError('model_failed', 'The model could not read this text. Try again.', { cause: error });
    }
  }
}
