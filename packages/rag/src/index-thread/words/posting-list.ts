/** How often a term stands in each field of a passage. */
export interface TermCounts {
  text: number;
  title: number;
  heading: number;
}

/** Most passages have a term once, in the text: that is all the lowest two bits say. */
const ONCE_IN_TEXT = 0;
const ONLY_IN_TEXT = 1;
const IN_FIELDS = 2;

/** Writes the passages of one term, in rising order of their places: gaps and counts in as few bytes as they need. */
export class PostingWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;
  #previous = -1;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(place: number, counts: TermCounts): void {
    if (this.#length + 24 > this.#bytes.length) this.#grow();
    const gap = (place - this.#previous) * 4;
    this.#previous = place;
    if (counts.title > 0 || counts.heading > 0) {
      this.#write(gap + IN_FIELDS);
      this.#write(counts.text);
      this.#write(counts.title);
      this.#write(counts.heading);
    } else if (counts.text > 1) {
      this.#write(gap + ONLY_IN_TEXT);
      this.#write(counts.text);
    } else this.#write(gap + ONCE_IN_TEXT);
  }

  /** What was written since the last `take`. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#previous = -1;
    return taken;
  }

  #write(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what `PostingWriter` wrote: `next` goes to a passage, whose place and counts the fields then hold. */
export class PostingReader implements TermCounts {
  place = -1;
  text = 0;
  title = 0;
  heading = 0;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const head = this.#read();
    const kind = head & 3;
    this.place += head >>> 2;
    this.text = kind === ONCE_IN_TEXT ? 1 : this.#read();
    this.title = kind === IN_FIELDS ? this.#read() : 0;
    this.heading = kind === IN_FIELDS ? this.#read() : 0;
    return true;
  }

  #read(): number {
    let byte = this.#bytes[this.#at++] ?? 0;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; ; shift += 7) {
      byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}
