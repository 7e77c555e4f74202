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

  /** What was written since the last `take`; good until the next `add`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
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

/** Numbers that a passage of each kind has. */
const NUMBERS = [1, 2, 4] as const;

/** Reads what `PostingWriter` wrote into columns, which are used again for the next list. */
export class PostingColumns {
  places = new Int32Array(0);
  texts = new Int32Array(0);
  titles = new Int32Array(0);
  headings = new Int32Array(0);
  #numbers = new Int32Array(0);

  /** Answers how many passages there are. */
  read(bytes: Uint8Array): number {
    this.#makeRoom(bytes.length);
    const { places, texts, titles, headings } = this;
    const numbers = this.#numbers;
    const end = readNumbers(bytes, numbers);
    let place = -1;
    let count = 0;
    for (let at = 0; at < end; count += 1) {
      const head = numbers[at] ?? 0;
      const kind = head & 3;
      place += head >>> 2;
      places[count] = place;
      texts[count] = kind === ONCE_IN_TEXT ? 1 : (numbers[at + 1] ?? 0);
      titles[count] = kind === IN_FIELDS ? (numbers[at + 2] ?? 0) : 0;
      headings[count] = kind === IN_FIELDS ? (numbers[at + 3] ?? 0) : 0;
      at += NUMBERS[kind] ?? 1;
    }
    return count;
  }

  /** A number takes a byte at least, and a passage a number. */
  #makeRoom(bytes: number): void {
    if (bytes <= this.places.length) return;
    const size = Math.ceil(bytes * 1.5);
    this.places = new Int32Array(size);
    this.texts = new Int32Array(size);
    this.titles = new Int32Array(size);
    this.headings = new Int32Array(size);
    this.#numbers = new Int32Array(size);
  }
}

/** Answers how many numbers there are. */
function readNumbers(bytes: Uint8Array, into: Int32Array): number {
  let count = 0;
  let value = 0;
  let shift = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte > 0x7f) continue;
    into[count] = value;
    count += 1;
    value = 0;
    shift = 0;
  }
  return count;
}
