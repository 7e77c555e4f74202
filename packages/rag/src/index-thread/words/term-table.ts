import { PostingChains } from './posting-chains.ts';
import type { PostingWriter } from './posting-list.ts';
import { addOne, type FieldName } from './term-counts.ts';

/** V8 makes longer parts of a string a view of it, which would keep the whole passage in memory. */
const LONGEST_COPY = 12;
/** About what a term takes in the map, in bytes. */
const TERM_BYTES = 90;

/** The terms of some passages in memory, to be added to, each with its passages by rising place. */
export class TermTable {
  /** Terms are numbered as they come. */
  readonly #numbers = new Map<string, number>();
  /** The last posting of each. */
  #last = new Int32Array(1_024);
  readonly #chains = new PostingChains();

  /** How many passages the terms have, added up. */
  get postings(): number {
    return this.#chains.size;
  }

  get size(): number {
    return this.#numbers.size;
  }

  get bytes(): number {
    return this.#chains.bytes + this.#last.byteLength + this.size * TERM_BYTES;
  }

  terms(): string[] {
    return [...this.#numbers.keys()];
  }

  /** Counts an occurrence; places must not fall. */
  count(term: string, place: number, field: FieldName): void {
    const chains = this.#chains;
    const number = this.#numbers.get(term) ?? this.#add(term);
    const last = this.#last[number] ?? -1;
    if (last !== -1 && chains.place(last) === place) chains.setCounts(last, addOne(chains.counts(last), field));
    else this.#last[number] = chains.add(last, place, addOne(0, field));
  }

  /** A term's passages as the file holds them, without the places that `isKept` refuses; null: none. */
  encode(term: string, writer: PostingWriter, isKept: (place: number) => boolean): Uint8Array | null {
    const number = this.#numbers.get(term);
    if (number === undefined) return null;
    const chains = this.#chains;
    const last = this.#last[number] ?? -1;
    let posting = last;
    do {
      posting = chains.next(posting);
      const place = chains.place(posting);
      if (isKept(place)) writer.add(place, chains.counts(posting));
    } while (posting !== last);
    return writer.isEmpty ? null : writer.take();
  }

  #add(term: string): number {
    const number = this.#numbers.size;
    if (number === this.#last.length) {
      const larger = new Int32Array(number * 2);
      larger.set(this.#last);
      this.#last = larger;
    }
    this.#last[number] = -1;
    this.#numbers.set(term.length > LONGEST_COPY ? Buffer.from(term).toString() : term, number);
    return number;
  }
}
