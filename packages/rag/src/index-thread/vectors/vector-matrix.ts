import { pickBest } from '../../lexical/pick-best.ts';
import { VectorMemory } from './vector-memory.ts';

const MOST_GONE = 0.3;
const LEAST_BYTES = 2 * 1024 ** 2;

export interface NearVector {
  /** The number of its row. */
  number: number;
  /** The cosine. */
  score: number;
}

/** The vectors of a space in memory, side by side, in the order of their rows' numbers. */
export class VectorMatrix {
  readonly #memory: VectorMemory;
  readonly #numbers: number[] = [];
  /** The document of each vector, as a number of this matrix; -1: the vector is gone. */
  readonly #documents: number[] = [];
  readonly #documentNumbers = new Map<string, number>();
  #scores = new Float64Array(0);
  #gone = 0;

  constructor(dimensions: number) {
    this.#memory = new VectorMemory(dimensions);
  }

  /** Whether so much is gone that it is worth being read anew. */
  get isWorn(): boolean {
    return this.#gone > this.#numbers.length * MOST_GONE;
  }

  get bytes(): number {
    // However small, it takes room among the addresses that there are.
    const memory = Math.max(LEAST_BYTES, this.#memory.bytes);
    return memory + this.#numbers.length * 24 + this.#documentNumbers.size * 120;
  }

  /** Adds or replaces; a number that is new is larger than all others. */
  put({ number, documentId }: { number: number; documentId: string }, vector: Uint8Array): void {
    const known = this.#find(number);
    const place = known ?? this.#numbers.length;
    if (known === null) this.#numbers.push(number);
    else if (this.#documents[place] === -1) this.#gone -= 1;
    this.#documents[place] = this.#documentNumber(documentId);
    this.#memory.set(place, vector);
  }

  remove(number: number): void {
    const place = this.#find(number);
    if (place === null || this.#documents[place] === -1) return;
    this.#documents[place] = -1;
    this.#gone += 1;
  }

  /** Compares with every vector. Best first; of equals the earlier one. Null `documentIds`: all. */
  search(
    vector: Float32Array,
    { documentIds, limit }: { documentIds: readonly string[] | null; limit: number },
  ): NearVector[] {
    const count = this.#numbers.length;
    if (this.#scores.length < count) this.#scores = new Float64Array(Math.ceil(count * 1.25));
    this.#memory.multiply(vector, this.#scores.subarray(0, count));
    this.#hide(documentIds && this.#toNumbers(documentIds));
    const places = pickBest(this.#scores, { limit, above: -Infinity, length: count });
    return places.map((place) => ({ number: this.#numbers[place] ?? 0, score: this.#scores[place] ?? 0 }));
  }

  /** Takes what is gone, or not allowed, out of the scores. */
  #hide(allowed: ReadonlySet<number> | null): void {
    for (let place = 0; place < this.#documents.length; place += 1) {
      const document = this.#documents[place] ?? -1;
      if (document === -1 || (allowed && !allowed.has(document))) this.#scores[place] = -Infinity;
    }
  }

  #toNumbers(documentIds: readonly string[]): Set<number> {
    return new Set(documentIds.map((id) => this.#documentNumbers.get(id) ?? -1));
  }

  #documentNumber(id: string): number {
    const known = this.#documentNumbers.get(id);
    if (known !== undefined) return known;
    const number = this.#documentNumbers.size;
    this.#documentNumbers.set(id, number);
    return number;
  }

  #find(number: number): number | null {
    let [low, high] = [0, this.#numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return this.#numbers[low] === number ? low : null;
  }
}
