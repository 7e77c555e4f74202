import { ParleyError } from '@parley/contracts';

/** Below this, a high ratio is only a small file of one letter. */
const RATIO_FREE_BYTES = 16 * 1024 * 1024;
/** Text and XML pack to a tenth or a fiftieth; spreadsheets of one number to a hundredth. */
const MAX_RATIO = 250;

/** Counts what comes out of one zip, all entries together, so that claims about sizes do not matter. */
export class InflateBudget {
  readonly #maxBytes: number;
  #used = 0;

  constructor({ maxUnpackedBytes }: { maxUnpackedBytes: number }) {
    this.#maxBytes = maxUnpackedBytes;
  }

  get left(): number {
    return this.#maxBytes - this.#used;
  }

  /** The most that an entry of `packedSize` may become. */
  mostFor(packedSize: number): number {
    return Math.min(this.left, Math.max(RATIO_FREE_BYTES, packedSize * MAX_RATIO));
  }

  /** Takes `size` bytes that came out of an entry. */
  take(size: number): void {
    this.#used += size;
    if (this.#used > this.#maxBytes) throw tooMuch();
  }
}

export function tooMuch(): ParleyError {
  return new ParleyError('document_bomb', 'The file grows beyond every limit when it is unpacked.');
}
