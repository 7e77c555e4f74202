/**
 * A segment's postings lie in the file as a hash table: rows of about a kilobyte, each with the terms
 * of one bucket. A row per term would cost ten times as much to write, for most terms are rare.
 * A bucket is a row of keys with their postings, each with its length before it; a key is a term as
 * UTF-8, one character per byte.
 */
const BUCKET_BYTES = 1_200;
const MAX_BITS = 20;
/** Rows of a segment are numbered from its number times this. */
export const SEGMENT_STEP = 2 ** MAX_BITS;

/** How many bits of a key's hash tell its bucket, for about so many bytes of keys and postings. */
export function toBits(bytes: number): number {
  return Math.min(MAX_BITS, Math.max(0, Math.ceil(Math.log2(bytes / BUCKET_BYTES))));
}

/** About how many bytes a table of so many bits holds. */
export function toBytes(bits: number): number {
  return BUCKET_BYTES * 2 ** bits;
}

export function toKey(term: string): string {
  for (let at = 0; at < term.length; at += 1) {
    if (term.charCodeAt(at) > 0x7f) return Buffer.from(term, 'utf8').toString('latin1');
  }
  return term;
}

/** Neighbouring buckets of a table are one bucket of a table with fewer bits. */
export function bucketOf(key: string, bits: number): number {
  return bits === 0 ? 0 : hash(key) >>> (32 - bits);
}

/** Puts a bucket together. */
export class BucketWriter {
  #bytes = Buffer.alloc(4 * BUCKET_BYTES);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(key: string, postings: Uint8Array): void {
    this.#makeRoom(key.length + postings.length + 16);
    this.#writeNumber(key.length);
    this.#length += this.#bytes.write(key, this.#length, 'latin1');
    this.#writeNumber(postings.length);
    this.#bytes.set(postings, this.#length);
    this.#length += postings.length;
  }

  /** What was added since the last `take`; good until the next `add`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #writeNumber(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#length + bytes, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Goes through a bucket: `next` goes to a key, whose postings are then at hand. */
export class BucketReader {
  readonly #bytes: Buffer;
  #at = 0;
  #key: readonly [start: number, end: number] = [0, 0];
  #postings: readonly [start: number, end: number] = [0, 0];

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    this.#key = this.#readSpan();
    this.#postings = this.#readSpan();
    return true;
  }

  get key(): string {
    return this.#bytes.toString('latin1', ...this.#key);
  }

  get postings(): Uint8Array {
    return this.#bytes.subarray(...this.#postings);
  }

  hasKey(key: string): boolean {
    const [start, end] = this.#key;
    if (end - start !== key.length) return false;
    for (let at = 0; at < key.length; at += 1) if (this.#bytes[start + at] !== key.charCodeAt(at)) return false;
    return true;
  }

  /** A length, and as many bytes. */
  #readSpan(): readonly [number, number] {
    let length = 0;
    let byte = 0x80;
    for (let shift = 0; byte > 0x7f; shift += 7) {
      byte = this.#bytes[this.#at++] ?? 0;
      length |= (byte & 0x7f) << shift;
    }
    this.#at += length;
    return [this.#at - length, this.#at];
  }
}

/** FNV-1a, then mixed so that the upper bits are as even as the lower ones (the end of MurmurHash3). */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
