/** Numbers of a posting: its place, its packed counts, and the posting that follows. */
const POSTING = 3;
const PAGE_BITS = 14;
const PAGE_POSTINGS = 1 << PAGE_BITS;
/** Many a base has few passages: the first page begins with room for so many, and doubles. */
const FIRST_POSTINGS = 256;

/**
 * Postings in chains, one per term, side by side in pages: typed arrays, which hold them in a small
 * part of what a list per term takes, grow without leaving copies behind, and go back to the system
 * with their segment. The last of a chain is followed by its first, so that its last one tells a chain.
 */
export class PostingChains {
  readonly #pages: Int32Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#pages.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Adds a posting behind the last one of a chain, or of a new one where that is -1; answers it. */
  add(last: number, place: number, counts: number): number {
    const posting = this.#size;
    this.#makeRoom(posting);
    this.#size += 1;
    const first = last === -1 ? posting : this.next(last);
    if (last !== -1) this.#write(last, 2, posting);
    this.#write(posting, 0, place);
    this.#write(posting, 1, counts);
    this.#write(posting, 2, first);
    return posting;
  }

  place(posting: number): number {
    return this.#read(posting, 0);
  }

  counts(posting: number): number {
    return this.#read(posting, 1);
  }

  setCounts(posting: number, counts: number): void {
    this.#write(posting, 1, counts);
  }

  /** Of the last one: the first. */
  next(posting: number): number {
    return this.#read(posting, 2);
  }

  #makeRoom(posting: number): void {
    const at = (posting % PAGE_POSTINGS) * POSTING;
    const page = this.#pages.at(-1);
    if (at === 0) this.#pages.push(new Int32Array((posting === 0 ? FIRST_POSTINGS : PAGE_POSTINGS) * POSTING));
    else if (page && at === page.length) {
      const larger = new Int32Array(at * 2);
      larger.set(page);
      this.#pages[this.#pages.length - 1] = larger;
    }
  }

  #read(posting: number, member: number): number {
    return this.#pages[posting >>> PAGE_BITS]?.[(posting % PAGE_POSTINGS) * POSTING + member] ?? 0;
  }

  #write(posting: number, member: number, value: number): void {
    const page = this.#pages[posting >>> PAGE_BITS];
    if (page) page[(posting % PAGE_POSTINGS) * POSTING + member] = value;
  }
}
