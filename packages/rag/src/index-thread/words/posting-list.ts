import { ONCE_IN_TEXT } from './term-counts.ts';

/** Numbers take 5 bytes at most, a passage two numbers. */
const MOST_BYTES = 10;

/**
 * Writes the passages of one term, in rising order of their places, in as few bytes as they need: the
 * gap to the place before, and one bit that says whether packed counts follow. Most passages have a
 * term once, in the text: that is all the bit says then.
 */
export class PostingWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;
  #previous = -1;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** `counts` as `term-counts.ts` packs them. */
  add(place: number, counts: number): void {
    if (this.#length + MOST_BYTES > this.#bytes.length) this.#grow();
    const gap = place - this.#previous;
    this.#previous = place;
    if (counts === ONCE_IN_TEXT) this.#write(gap * 2);
    else {
      this.#write(gap * 2 + 1);
      this.#write(counts);
    }
  }

  /** What was written since the last `take`; good until the next `add`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#previous = -1;
    return taken;
  }

  #write(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** The passages of one term: the first `count` of each list. */
export interface Postings {
  count: number;
  places: Int32Array;
  /** As `term-counts.ts` packs them. */
  counts: Int32Array;
}

/** Reads what `PostingWriter` wrote into lists that are used again for the next term. */
export class PostingReader {
  #places = new Int32Array(0);
  #counts = new Int32Array(0);
  #numbers = new Int32Array(0);

  /** Good until the next `read`. */
  read(bytes: Uint8Array): Postings {
    this.#makeRoom(bytes.length);
    const places = this.#places;
    const counts = this.#counts;
    const numbers = this.#numbers;
    const end = readNumbers(bytes, numbers);
    let place = -1;
    let count = 0;
    for (let at = 0; at < end; at += 1) {
      const head = numbers[at] ?? 0;
      place += head >>> 1;
      places[count] = place;
      if ((head & 1) === 1) at += 1;
      counts[count] = (head & 1) === 1 ? (numbers[at] ?? 0) : ONCE_IN_TEXT;
      count += 1;
    }
    return { count, places, counts };
  }

  /** A number takes a byte at least, and a passage a number. */
  #makeRoom(bytes: number): void {
    if (bytes <= this.#places.length) return;
    const size = Math.ceil(bytes * 1.5);
    this.#places = new Int32Array(size);
    this.#counts = new Int32Array(size);
    this.#numbers = new Int32Array(size);
  }
}

/** Answers how many numbers there are. */
function readNumbers(bytes: Uint8Array, into: Int32Array): number {
  let count = 0;
  let value = 0;
  let shift = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte > 0x7f) continue;
    into[count] = value;
    count += 1;
    value = 0;
    shift = 0;
  }
  return count;
}
