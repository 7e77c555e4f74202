/** A stopped sequence is to be free within 100 ms, and neighbours wait as long as a slice takes. */
const LONGEST_SLICE_MS = 75;
const SMALLEST = 8;
const LARGEST = 512;
/** How much of the average the newest slice is. */
const WEIGHT = 0.5;

/**
 * How many tokens of a prompt are read in one go, by what the slices before took. Those who read at
 * the same time share one batch, and with it the time.
 */
export class SliceSizer {
  #msPerToken: number | null = null;
  /** Tokens of all readers together. */
  #size = SMALLEST;
  #readers = 0;

  /** A prompt is read slice by slice now, until `leave`. */
  enter(): void {
    this.#readers += 1;
  }

  leave(): void {
    this.#readers -= 1;
  }

  /**
   * Where the slice from `start` ends. Ends lie at multiples of the size, a power of two, so that the
   * same prompt is cut alike however fast the machine is: figures then differ as little as may be.
   */
  endOf(start: number, length: number): number {
    const share = Math.max(SMALLEST, powerOfTwo(this.#size / this.#sharing));
    return Math.min(length, Math.floor(start / share) * share + share);
  }

  measured(tokens: number, ms: number): void {
    const perToken = ms / (tokens * this.#sharing);
    this.#msPerToken = this.#msPerToken === null ? perToken : WEIGHT * perToken + (1 - WEIGHT) * this.#msPerToken;
    // Grows step by step: what one short slice took says little about a long one.
    const fitting = Math.min(LONGEST_SLICE_MS / this.#msPerToken, this.#size * 2);
    this.#size = Math.min(LARGEST, Math.max(SMALLEST, powerOfTwo(fitting)));
  }

  /** What reading one takes; 0 while nothing was read yet. */
  get msPerToken(): number {
    return this.#msPerToken ?? 0;
  }

  get #sharing(): number {
    return Math.max(1, this.#readers);
  }
}

function powerOfTwo(most: number): number {
  return 2 ** Math.floor(Math.log2(most));
}
