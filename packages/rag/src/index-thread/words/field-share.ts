import { toShare } from '../../lexical/bm25.ts';

/** Most fields are shorter: theirs is worked out once and not for every passage. */
const TABLE = 1_024;

/** What one occurrence counts in a field, by the field's length. */
export class FieldShare {
  readonly #weight: number;
  readonly #averageLength: number;
  readonly #table: Float64Array;

  constructor(weight: number, averageLength: number) {
    this.#weight = weight;
    this.#averageLength = averageLength;
    // Where no passage has the field there is nothing to be counted; 0 / 0 would spoil the sum.
    this.#table = Float64Array.from({ length: TABLE }, (_, length) =>
      averageLength > 0 ? toShare(weight, length, averageLength) : 0,
    );
  }

  of(length: number): number {
    return length < TABLE ? (this.#table[length] ?? 0) : toShare(this.#weight, length, this.#averageLength);
  }
}
