import type { IndexFile } from '../file/index-file.ts';
import { Cells } from './cells.ts';
import { fromPendingRow, type PendingRow } from './tokenized-passage.ts';
import { OpenSegment, SealedSegment, type Segment } from './segment.ts';

interface SegmentRow {
  number: number;
  rank: number;
  state: 'open' | 'sealing' | 'sealed';
  cells: Uint8Array | null;
  bits: number | null;
}

/** About what an entry of the map of documents takes, in bytes. */
const DOCUMENT_BYTES = 150;

/** One base in memory, as the file has it. Whoever changes the file tells it. */
export class WordBase {
  readonly number: number;
  readonly id: string;
  /** Ids of the documents that are searched, and their numbers. */
  readonly documents: Map<string, number>;
  /** By rank. */
  segments: Segment[];

  private constructor(row: { number: number; id: string }, documents: Map<string, number>, segments: Segment[]) {
    this.number = row.number;
    this.id = row.id;
    this.documents = documents;
    this.segments = segments;
  }

  static load(file: IndexFile, row: { number: number; id: string }): WordBase {
    const documents = new Map<string, number>();
    const rows = file.each<{ id: string; number: number }>(
      'select id, number from documents where base = ?',
      row.number,
    );
    for (const { id, number } of rows) documents.set(id, number);
    const current = new Set(documents.values());
    const segments = file
      .all<SegmentRow>(
        "select number, rank, state, cells, bits from segments where base = ? and state in ('open', 'sealing', 'sealed') order by rank",
        row.number,
      )
      .map((segment) => loadSegment(file, segment, (document) => current.has(document)));
    return new WordBase(row, documents, segments);
  }

  /** The segment that takes new passages; null until there is one. */
  get open(): OpenSegment | null {
    return this.#openSegments.find(({ isClosed }) => !isClosed) ?? null;
  }

  /** The first that is full and not sealed yet; null: there is none. */
  get closed(): OpenSegment | null {
    return this.#openSegments.find(({ isClosed }) => isClosed) ?? null;
  }

  get #openSegments(): OpenSegment[] {
    return this.segments.filter((segment) => segment instanceof OpenSegment);
  }

  /** Behind all that there is. */
  get nextRank(): number {
    return (this.segments.at(-1)?.rank ?? 0) + 1;
  }

  get bytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes, this.documents.size * DOCUMENT_BYTES);
  }

  /** A document's passages are not searched from now on. */
  removeDocument(id: string): void {
    const number = this.documents.get(id);
    if (number === undefined) return;
    this.documents.delete(id);
    for (const segment of this.segments) segment.kill(number);
  }

  /** Passages of documents that are gone since the segment was read are dead in it from now on. */
  adopt(segment: SealedSegment): SealedSegment {
    const current = new Set(this.documents.values());
    return segment.killUnless((document) => current.has(document));
  }

  replace(numbers: readonly number[], by: Segment | null): void {
    const rest = this.segments.filter(({ number }) => !numbers.includes(number));
    this.segments = (by ? [...rest, by] : rest).toSorted((one, other) => one.rank - other.rank);
  }
}

function loadSegment(file: IndexFile, row: SegmentRow, isCurrent: (document: number) => boolean): Segment {
  if (row.cells) {
    const cells = Cells.fromBytes(row.cells);
    return new SealedSegment(file, { ...row, bits: row.bits ?? 0 }, cells).killUnless(isCurrent);
  }
  const segment = new OpenSegment({ ...row, isClosed: row.state === 'sealing' });
  const pending = file.all<PendingRow>(
    'select document, ids, terms from pending where segment = ? order by number',
    row.number,
  );
  for (const part of pending) {
    if (isCurrent(part.document)) segment.add(part.document, fromPendingRow(part));
  }
  return segment;
}
