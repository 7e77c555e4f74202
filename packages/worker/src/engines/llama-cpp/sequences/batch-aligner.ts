import type { BatchItem, LlamaContext, PrioritizedBatchItem } from 'node-llama-cpp';

/** How often a batch that is not complete is put off; a bound, should somebody never come back. */
const LONGEST_WAIT = 60;

/**
 * Puts the next tokens of all running conversations into one batch. By itself the library starts the
 * next batch as soon as the first conversation asks, and llama.cpp computes sequences together only
 * where their ids follow one another: without both, eight conversations are no faster than one.
 */
export class BatchAligner {
  #context: LlamaContext | null = null;
  #running = 0;
  #waits = 0;
  /** How many wait to work on the context alone, and what the others wait for meanwhile. */
  #alone = 0;
  #gate = Promise.withResolvers<void>();

  /** The context whose batches these are; until it is known batches are taken as they come. */
  attach(context: LlamaContext): void {
    this.#context = context;
  }

  /** A conversation will ask for batch after batch now, until `leave`. */
  enter(): void {
    this.#running += 1;
  }

  leave(): void {
    this.#running -= 1;
  }

  /** To be awaited before each batch that is asked for: lets those through who work on the context alone. */
  async pass(): Promise<void> {
    while (this.#alone > 0) await this.#gate.promise;
  }

  /**
   * Does what needs the context to itself, such as forgetting tokens. The library holds it for as long
   * as anybody asks for batches, so that under load such work would never come to its turn.
   */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#alone += 1;
    try {
      return await work();
    } finally {
      this.#alone -= 1;
      if (this.#alone === 0) {
        this.#gate.resolve();
        this.#gate = Promise.withResolvers<void>();
      }
    }
  }

  /** The library's strategy: which items go into the next batch of `size` tokens. */
  readonly prioritize = ({ items, size }: { items: readonly BatchItem[]; size: number }): PrioritizedBatchItem[] => {
    if (this.#alone === 0 && items.length < this.#running && this.#waits < LONGEST_WAIT) {
      // The library asks again in the next turn of microtasks, in which the others get to ask too.
      this.#waits += 1;
      return [];
    }
    this.#waits = 0;
    return fill(this.#bySequence(items), size);
  };

  #bySequence(items: readonly BatchItem[]): readonly BatchItem[] {
    const queued: unknown = this.#context && Reflect.get(this.#context, '_queuedDecodes');
    // Not part of the library's public interface: where it is missing, the order stays as it is.
    if (!Array.isArray(queued) || queued.length !== items.length) return items;
    const ids = queued.map((entry: unknown, place) => sequenceIdOf(entry, items[place]));
    if (ids.includes(null)) return items;
    return items
      .map((item, place) => ({ item, id: ids[place] ?? 0 }))
      .toSorted((a, b) => a.id - b.id)
      .map(({ item }) => item);
  }
}

function sequenceIdOf(entry: unknown, item: BatchItem | undefined): number | null {
  if (typeof entry !== 'object' || entry === null || Reflect.get(entry, 'tokens') !== item?.tokens) return null;
  const id: unknown = Reflect.get(entry, 'sequenceId');
  return typeof id === 'number' ? id : null;
}

/** Everybody gets one token; what is left goes to those who read prompts, in their order. */
function fill(items: readonly BatchItem[], size: number): PrioritizedBatchItem[] {
  let left = size - items.length;
  return items.slice(0, size).map((item) => {
    const more = Math.max(0, Math.min(item.tokens.length - 1, left));
    left -= more;
    return { item, processAmount: 1 + more };
  });
}
