import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';

/**
 * The sequences of a context, each with what it read last. Kept over all conversations: a sequence
 * that is disposed of comes back later than it is needed, and has forgotten everything.
 */
export class SequencePool {
  /** The one that was used longest ago first. */
  readonly #free: LlamaContextSequence[];
  readonly #count: number;
  readonly #waiters = new Set<(sequence: LlamaContextSequence) => void>();

  constructor(sequences: readonly LlamaContextSequence[]) {
    this.#free = [...sequences];
    this.#count = sequences.length;
  }

  /** How many are lent. */
  get lent(): number {
    return this.#count - this.#free.length;
  }

  /**
   * The free sequence that has read the most of `tokens` already; one that would lose more than it
   * brings is left alone, and the one that was used longest ago taken. Waits for one while there is
   * none. The caller hands it back by `release`.
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
    const known = this.#free.map((sequence) => ({ sequence, shared: sharedLength(sequence, tokens) }));
    const goingOn = known.filter(({ sequence, shared }) => shared > 0 && shared * 2 >= sequence.nextTokenIndex);
    const best = goingOn.toSorted((a, b) => b.shared - a.shared)[0];
    return best?.sequence ?? known.find(({ sequence }) => sequence.nextTokenIndex === 0)?.sequence ?? this.#free[0];
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

function readerLeft(): ParleyError {
  return new ParleyError('request_aborted', 'The reader left before it was its turn.');
}
