/** Numbers per passage: its document (0: it is not searched any more), then its terms in text, title and headings. */
export const CELL = 4;

/** Terms per field. */
export interface FieldLengths {
  text: number;
  title: number;
  heading: number;
}

/** A list of cells that grows. */
export class Cells {
  values: Int32Array;
  /** Passages. */
  count: number;

  constructor(values: Int32Array = new Int32Array(16 * CELL), count = 0) {
    this.values = values;
    this.count = count;
  }

  static fromBytes(bytes: Uint8Array): Cells {
    const copy = new Int32Array(bytes.byteLength / 4);
    new Uint8Array(copy.buffer).set(bytes);
    return new Cells(copy, copy.length / CELL);
  }

  toBytes(): Uint8Array {
    return new Uint8Array(this.values.buffer, this.values.byteOffset, this.count * CELL * 4);
  }

  push(document: number, { text, title, heading }: FieldLengths): void {
    if ((this.count + 1) * CELL > this.values.length) {
      const larger = new Int32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values.set([document, text, title, heading], this.count * CELL);
    this.count += 1;
  }

  documentAt(place: number): number {
    return this.values[place * CELL] ?? 0;
  }

  lengthsAt(place: number): FieldLengths {
    const at = place * CELL;
    return { text: this.values[at + 1] ?? 0, title: this.values[at + 2] ?? 0, heading: this.values[at + 3] ?? 0 };
  }
}
