import type { Postings } from './posting-list.ts';

/** Shorter lists are read again as fast as they would be found here. */
const LEAST_COUNT = 256;

/** The postings of common words, as they are needed: every question has some, and they are most of its work. */
export class PostingCache {
  /** By segment and term; what was used longest ago first. */
  readonly #lists = new Map<string, Postings>();
  readonly #limit: number;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** `read` answers lists that are good for the moment only; what is kept is a copy. A segment never changes. */
  get(segment: number, term: string, read: () => Postings | null): Postings | null {
    const key = `${segment} ${term}`;
    const known = this.#lists.get(key);
    if (known) {
      this.#lists.delete(key);
      this.#lists.set(key, known);
      return known;
    }
    const postings = read();
    if (postings && postings.count >= LEAST_COUNT) this.#keep(key, postings);
    return postings;
  }

  #keep(key: string, { count, places, counts }: Postings): void {
    const copy = { count, places: places.slice(0, count), counts: counts.slice(0, count) };
    this.#lists.set(key, copy);
    this.#bytes += bytesOf(copy);
    for (const [oldest, postings] of this.#lists) {
      if (this.#bytes <= this.#limit) return;
      this.#lists.delete(oldest);
      this.#bytes -= bytesOf(postings);
    }
  }
}

function bytesOf({ count }: Postings): number {
  return count * 8 + 200;
}
