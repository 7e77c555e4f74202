import { inflateRawSync } from 'node:zlib';
import type { ParseLimits } from '../format.ts';
import { damaged, packedBytes, unknownMethod } from './entry-data.ts';
import { InflateBudget, tooMuch } from './inflate-budget.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';

/** A document that is a zip of parts. Parts are unpacked when they are asked for, and counted together. */
export class ZipPackage {
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #budget: InflateBudget;

  /** Throws `document_unreadable` and `document_bomb`. */
  constructor(bytes: Uint8Array, limits: Pick<ParseLimits, 'maxEntries' | 'maxUnpackedBytes'>) {
    this.#bytes = bytes;
    this.#budget = new InflateBudget(limits);
    const entries = readZipDirectory(bytes, limits).filter(({ isDirectory }) => !isDirectory);
    this.#entries = new Map(entries.map((entry) => [toKey(entry.name), entry]));
  }

  get names(): string[] {
    return Array.from(this.#entries.values(), ({ name }) => name);
  }

  has(name: string): boolean {
    return this.#entries.has(toKey(name));
  }

  /** The part of this name, in any case and with or without a leading slash; null when there is none. */
  read(name: string): Uint8Array | null {
    const entry = this.#entries.get(toKey(name));
    if (!entry) return null;
    const packed = packedBytes(this.#bytes, entry);
    const part = this.#unpack(entry, packed);
    this.#budget.take(part.length);
    return part;
  }

  #unpack({ method }: ZipEntry, packed: Uint8Array): Uint8Array {
    if (method === 0) return packed;
    if (method !== 8) throw unknownMethod(method);
    const maxOutputLength = this.#budget.mostFor(packed.length);
    if (maxOutputLength <= 0) throw tooMuch();
    try {
      return inflateRawSync(packed, { maxOutputLength });
    } catch (error) {
      throw isTooLarge(error) ? tooMuch() : damaged(error);
    }
  }
}

function toKey(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
