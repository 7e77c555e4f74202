import type { PostingWriter } from './posting-list.ts';
import { addOne, type FieldName } from './term-counts.ts';

/**
 * The terms of some passages in memory, to be added to. A term's passages are a plain list, which is
 * small and quick to grow: place and packed counts in turn, by rising place.
 */
export class TermTable {
  readonly #lists = new Map<string, number[]>();
  #postings = 0;

  /** How many passages the terms have, added up. */
  get postings(): number {
    return this.#postings;
  }

  get size(): number {
    return this.#lists.size;
  }

  terms(): string[] {
    return [...this.#lists.keys()];
  }

  /** Counts an occurrence; places must not fall. */
  count(term: string, place: number, field: FieldName): void {
    const list = this.#listOf(term);
    if (list[list.length - 2] !== place) {
      list.push(place, 0);
      this.#postings += 1;
    }
    list[list.length - 1] = addOne(list[list.length - 1] ?? 0, field);
  }

  /** A term's passages as the file holds them, without the places that `isKept` refuses; null: none. */
  encode(term: string, writer: PostingWriter, isKept: (place: number) => boolean): Uint8Array | null {
    const list = this.#lists.get(term);
    if (!list) return null;
    for (let at = 0; at < list.length; at += 2) {
      const place = list[at] ?? 0;
      if (isKept(place)) writer.add(place, list[at + 1] ?? 0);
    }
    return writer.isEmpty ? null : writer.take();
  }

  #listOf(term: string): number[] {
    const known = this.#lists.get(term);
    if (known) return known;
    const list: number[] = [];
    this.#lists.set(term, list);
    return list;
  }
}
