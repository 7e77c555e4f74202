import type { IndexFile } from '../file/index-file.ts';
import { CELL, type Cells, type FieldLengths } from './cells.ts';
import { Draft } from './draft.ts';
import { bucketOf, BucketReader, SEGMENT_STEP, toKey } from './posting-buckets.ts';
import { PostingWriter } from './posting-list.ts';
import type { TokenizedPassage } from './tokenized-passage.ts';

/** Ids per row of `passage_ids`. */
export const PAGE_PASSAGES = 16;

/** A part of a base in memory: its passages' cells, and where the postings are. */
export abstract class Segment {
  readonly number: number;
  /** Its place among the base's segments; passages were added in this order. */
  readonly rank: number;
  /** Passages that are searched. */
  live = 0;
  /** Terms of those per field, added up. */
  readonly lengths: FieldLengths = { text: 0, title: 0, heading: 0 };

  constructor({ number, rank }: { number: number; rank: number }) {
    this.number = number;
    this.rank = rank;
  }

  abstract get cells(): Cells;
  /** The passages that have a term, as `PostingWriter` writes them; those that are dead may be among them. */
  abstract postingsOf(term: string): Uint8Array | null;
  abstract idsAt(places: readonly number[]): string[];
  abstract allIds(): string[];
  abstract get bytes(): number;

  isLive(place: number): boolean {
    return this.cells.documentAt(place) !== 0;
  }

  /** The passages of a document are not searched from now on. */
  kill(document: number): void {
    this.killWhere((number) => number === document);
  }

  protected killWhere(isDead: (document: number) => boolean): void {
    const { values, count } = this.cells;
    for (let place = 0; place < count; place += 1) {
      const document = values[place * CELL] ?? 0;
      if (document === 0 || !isDead(document)) continue;
      this.countLive(place, -1);
      values[place * CELL] = 0;
    }
  }

  protected countLive(place: number, by: 1 | -1): void {
    const { text, title, heading } = this.cells.lengthsAt(place);
    this.live += by;
    this.lengths.text += by * text;
    this.lengths.title += by * title;
    this.lengths.heading += by * heading;
  }
}

/** A segment whose postings lie in the file and are never changed. */
export class SealedSegment extends Segment {
  readonly cells: Cells;
  /** Of the table of its postings. */
  readonly bits: number;
  readonly #file: IndexFile;

  constructor(file: IndexFile, row: { number: number; rank: number; bits: number }, cells: Cells) {
    super(row);
    this.#file = file;
    this.bits = row.bits;
    this.cells = cells;
    for (let place = 0; place < cells.count; place += 1) if (this.isLive(place)) this.countLive(place, 1);
  }

  /** Of documents that are gone. */
  killUnless(isCurrent: (document: number) => boolean): this {
    this.killWhere((document) => !isCurrent(document));
    return this;
  }

  postingsOf(term: string): Uint8Array | null {
    const key = toKey(term);
    const row = this.#file.get<{ data: Uint8Array }>(
      'select data from postings where number = ?',
      this.number * SEGMENT_STEP + bucketOf(key, this.bits),
    );
    const bucket = new BucketReader(row?.data ?? new Uint8Array(0));
    while (bucket.next()) if (bucket.hasKey(key)) return bucket.postings;
    return null;
  }

  idsAt(places: readonly number[]): string[] {
    return places.map((place) => this.#page(Math.floor(place / PAGE_PASSAGES))[place % PAGE_PASSAGES] ?? '');
  }

  allIds(): string[] {
    return this.idsFrom(0, Math.ceil(this.cells.count / PAGE_PASSAGES) * PAGE_PASSAGES);
  }

  /** Of `count` passages from `first` on, which are whole pages. */
  idsFrom(first: number, count: number): string[] {
    const pages = this.#file.all<{ ids: string }>(
      'select ids from passage_ids where segment = ? and page >= ? and page < ? order by page',
      this.number,
      first / PAGE_PASSAGES,
      (first + count) / PAGE_PASSAGES,
    );
    return pages.flatMap(({ ids }) => JSON.parse(ids) as string[]);
  }

  get bytes(): number {
    return this.cells.values.byteLength;
  }

  #page(page: number): string[] {
    const row = this.#file.get<{ ids: string }>(
      'select ids from passage_ids where segment = ? and page = ?',
      this.number,
      page,
    );
    return row ? (JSON.parse(row.ids) as string[]) : [];
  }
}

/** The segment that takes what is written now; its postings are in memory as well as in `pending`. */
export class OpenSegment extends Segment {
  readonly draft = new Draft();
  /** Set once it is `sealing`: it takes no more. */
  isClosed: boolean;
  readonly #writer = new PostingWriter();

  constructor(row: { number: number; rank: number; isClosed: boolean }) {
    super(row);
    this.isClosed = row.isClosed;
  }

  get cells(): Cells {
    return this.draft.cells;
  }

  add(document: number, passages: readonly TokenizedPassage[]): void {
    for (const passage of passages) {
      this.draft.add(document, passage);
      this.countLive(this.cells.count - 1, 1);
    }
  }

  postingsOf(term: string): Uint8Array | null {
    return this.draft.terms.encode(term, this.#writer, (place) => this.isLive(place));
  }

  idsAt(places: readonly number[]): string[] {
    return places.map((place) => this.draft.ids[place] ?? '');
  }

  allIds(): string[] {
    return this.draft.ids;
  }

  get bytes(): number {
    return this.cells.values.byteLength + this.draft.terms.bytes;
  }
}
