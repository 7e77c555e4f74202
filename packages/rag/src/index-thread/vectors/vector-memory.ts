import { createMultiply, LANES } from './multiply.ts';
import { wasm, type WasmMemory } from './web-assembly.ts';

const PAGE_BYTES = 64 * 1024;
/** 4 GiB, the most that there can be. */
const MOST_PAGES = 65_536;
/** Vectors that are multiplied in one call. */
const BATCH = 1_024;
/** It grows by a quarter: nothing is copied, but what was taken is not given back. */
const GROWTH = 1.25;

/** Vectors side by side in memory: the query and a batch's products come first. */
export class VectorMemory {
  readonly #memory: WasmMemory;
  readonly #multiply: ReturnType<typeof createMultiply>;
  /** Bytes of a vector. */
  readonly #size: number;
  readonly #products: number;
  readonly #vectors: number;

  constructor(dimensions: number) {
    this.#size = Math.ceil(dimensions / LANES) * LANES * 4;
    this.#products = this.#size;
    this.#vectors = this.#products + BATCH * 4;
    const initial = Math.ceil(this.#vectors / PAGE_BYTES);
    this.#memory = new wasm.Memory({ initial, maximum: MOST_PAGES });
    this.#multiply = createMultiply(this.#memory);
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  set(place: number, vector: Uint8Array): void {
    const at = this.#vectors + place * this.#size;
    this.#makeRoom(at + this.#size);
    new Uint8Array(this.#memory.buffer, at, vector.length).set(vector);
  }

  /** Writes the products of `query` with the first vectors into `into`, which is as long as there are. */
  multiply(query: Float32Array, into: Float64Array): void {
    const { buffer } = this.#memory;
    new Float32Array(buffer, 0, this.#size / 4).fill(0);
    new Float32Array(buffer, 0, query.length).set(query);
    for (let first = 0; first < into.length; first += BATCH) {
      const count = Math.min(BATCH, into.length - first);
      const vectors = this.#vectors + first * this.#size;
      this.#multiply({ vectors, count, query: 0, size: this.#size, products: this.#products });
      into.set(new Float32Array(buffer, this.#products, count), first);
    }
  }

  #makeRoom(bytes: number): void {
    const { byteLength } = this.#memory.buffer;
    if (bytes <= byteLength) return;
    const wanted = Math.min(MOST_PAGES, Math.ceil(Math.max(bytes, byteLength * GROWTH) / PAGE_BYTES));
    this.#memory.grow(wanted - byteLength / PAGE_BYTES);
  }
}
