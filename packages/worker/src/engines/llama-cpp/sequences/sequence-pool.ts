import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';

/**
 * The sequences of a context, each with what it read last. Kept over all conversations: a sequence
 * that is disposed of comes back later than it is needed, and has forgotten everything.
 */
export class SequencePool {
  /** In the order of their ids. */
  readonly #all: readonly LlamaContextSequence[];
  /** The one that was used longest ago first. */
  readonly #free: LlamaContextSequence[];
  readonly #losesNothing: (sequence: LlamaContextSequence) => boolean;
  readonly #waiters = new Set<(sequence: LlamaContextSequence) => void>();

  /**
   * `sequences` in the order of their ids. `losesNothing` says whether a sequence may be given to
   * another conversation at no cost.
   */
  constructor(sequences: readonly LlamaContextSequence[], losesNothing: (sequence: LlamaContextSequence) => boolean) {
    this.#all = sequences;
    this.#losesNothing = losesNothing;
    this.#free = [...sequences];
  }

  /** How many are lent. */
  get lent(): number {
    return this.#all.length - this.#free.length;
  }

  /**
   * The free sequence in which the conversation of `tokens` goes on; else one beside those that are
   * lent, as llama.cpp computes together only sequences whose ids follow one another, if nothing is
   * lost by it; else any. Of several an empty one, then the one that was used longest ago. Waits for
   * one while there is none. The caller hands it back by `release`.
   */
  async acquire(tokens: readonly Token[], signal: AbortSignal): Promise<LlamaContextSequence> {
    if (signal.aborted) throw readerLeft();
    const chosen = this.#choose(tokens);
    if (chosen === undefined) return this.#turn(signal);
    this.#free.splice(this.#free.indexOf(chosen), 1);
    return chosen;
  }

  release(sequence: LlamaContextSequence): void {
    const [next] = this.#waiters;
    if (next === undefined) {
      this.#free.push(sequence);
      return;
    }
    this.#waiters.delete(next);
    next(sequence);
  }

  #choose(tokens: readonly Token[]): LlamaContextSequence | undefined {
    const [goingOn] = this.#free
      .filter((sequence) => goesOn(sequence, tokens))
      .toSorted((a, b) => sharedLength(b, tokens) - sharedLength(a, tokens));
    const emptyFirst = this.#free.toSorted((a, b) => Number(a.nextTokenIndex > 0) - Number(b.nextTokenIndex > 0));
    const beside = emptyFirst.find((sequence) => this.#isBesideLent(sequence) && this.#losesNothing(sequence));
    return goingOn ?? beside ?? emptyFirst[0];
  }

  #isBesideLent(sequence: LlamaContextSequence): boolean {
    const place = this.#all.indexOf(sequence);
    return [place - 1, place + 1].some((beside) => {
      const neighbour = this.#all[beside];
      return neighbour !== undefined && !this.#free.includes(neighbour);
    });
  }

  #turn(signal: AbortSignal): Promise<LlamaContextSequence> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(take);
        reject(readerLeft());
      };
      const take = (sequence: LlamaContextSequence) => {
        signal.removeEventListener('abort', leave);
        resolve(sequence);
      };
      this.#waiters.add(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}

/** How many of the first `tokens` the sequence has read. */
export function sharedLength(sequence: LlamaContextSequence, tokens: readonly Token[]): number {
  return Math.min(sequence.compareContextTokens([...tokens]).firstDifferentIndex, tokens.length);
}

/** Whether the sequence keeps at least as much as it loses when it reads `tokens`. */
export function goesOn(sequence: LlamaContextSequence, tokens: readonly Token[]): boolean {
  const shared = sharedLength(sequence, tokens);
  return shared > 0 && shared * 2 >= sequence.nextTokenIndex;
}

function readerLeft(): ParleyError {
  return new ParleyError('request_aborted', 'The reader left before it was its turn.');
}
