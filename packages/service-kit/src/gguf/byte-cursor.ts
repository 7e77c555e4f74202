/** Thrown when the bytes at hand end before the header does; more of the file is then to be read. */
export class MoreBytesNeeded extends Error {}

/** What a header says cannot be true; the message completes "The file … cannot be used: ". */
export class MalformedHeader extends Error {}

/** Reads little-endian values one after the other and believes no length before it has the bytes. */
export class ByteCursor {
  readonly #bytes: Buffer;
  offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(length: number): number {
    const start = this.offset;
    if (start + length > this.#bytes.length) throw new MoreBytesNeeded();
    this.offset = start + length;
    return start;
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.skip(4));
  }

  /** Counts and offsets; none of a real file is beyond what a number holds exactly. */
  u64(): number {
    const value = Number(this.#bytes.readBigUInt64LE(this.skip(8)));
    if (!Number.isSafeInteger(value)) throw new MalformedHeader('its header names an impossible length');
    return value;
  }

  /** Metadata may hold any 64 bits; beyond a number's exact range it is rounded. */
  bigNumber(isSigned: boolean): number {
    const start = this.skip(8);
    return Number(isSigned ? this.#bytes.readBigInt64LE(start) : this.#bytes.readBigUInt64LE(start));
  }

  number(
    read: 'readUInt8' | 'readInt8' | 'readUInt16LE' | 'readInt16LE' | 'readInt32LE' | 'readFloatLE' | 'readDoubleLE',
    length: number,
  ): number {
    return this.#bytes[read](this.skip(length));
  }

  string(): string {
    const length = this.u64();
    const start = this.skip(length);
    return this.#bytes.toString('utf8', start, start + length);
  }
}
