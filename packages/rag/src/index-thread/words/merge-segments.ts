import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import { Cells } from './cells.ts';
import { PostingReader, PostingWriter } from './posting-list.ts';
import type { SealedSegment } from './segment.ts';
import { putPostings, writeIds } from './write-segment.ts';

/** Terms of the largest segment that are read and written in one go. */
const SLICE_TERMS = 512;
/** Greater than any term. */
const LAST_TERM = '\u{10FFFF}';

/** A segment, and for each of its places the one in the merged segment; -1: dead. */
interface Input {
  segment: SealedSegment;
  places: Int32Array;
}

/**
 * Writes what is live in `segments` into the file as segment `number`, and answers its cells. What
 * dies meanwhile is written as well; its document says that it is dead.
 */
export function* mergeSegments(
  file: IndexFile,
  { number, segments }: { number: number; segments: readonly SealedSegment[] },
): Work<Cells> {
  const { inputs, cells, ids } = mapPlaces(segments);
  yield;
  yield* writeIds(file, number, ids);
  const largest = segments.reduce((one, other) => (other.cells.count > one.cells.count ? other : one));
  let from = '';
  while (from !== LAST_TERM) {
    const next = file.get<{ term: string }>(
      `select term from postings where segment = ? and term > ? order by term limit 1 offset ${SLICE_TERMS}`,
      largest.number,
      from,
    );
    const to = next?.term ?? LAST_TERM;
    yield* mergeTerms(file, { number, inputs, from, to });
    from = to;
  }
  return cells;
}

function mapPlaces(segments: readonly SealedSegment[]): { inputs: Input[]; cells: Cells; ids: string[] } {
  const cells = new Cells();
  const ids: string[] = [];
  const inputs = segments.map((segment) => {
    const places = new Int32Array(segment.cells.count).fill(-1);
    const old = segment.allIds();
    for (const place of places.keys()) {
      if (!segment.isLive(place)) continue;
      places[place] = cells.count;
      cells.push(segment.cells.documentAt(place), segment.cells.lengthsAt(place));
      ids.push(old[place] ?? '');
    }
    return { segment, places };
  });
  return { inputs, cells, ids };
}

function* mergeTerms(
  file: IndexFile,
  { number, inputs, from, to }: { number: number; inputs: readonly Input[]; from: string; to: string },
): Work<void> {
  const parts = new Map<string, { bytes: Uint8Array; places: Int32Array }[]>();
  for (const { segment, places } of inputs) {
    const rows = file.all<{ term: string; data: Uint8Array }>(
      'select term, data from postings where segment = ? and term >= ? and term < ? order by term',
      segment.number,
      from,
      to,
    );
    for (const { term, data } of rows) {
      const known = parts.get(term);
      if (known) known.push({ bytes: data, places });
      else parts.set(term, [{ bytes: data, places }]);
    }
    yield;
  }
  const writer = new PostingWriter();
  const merged: { term: string; data: Uint8Array }[] = [];
  for (const term of [...parts.keys()].toSorted()) {
    for (const { bytes, places } of parts.get(term) ?? []) copyLive(bytes, places, writer);
    if (!writer.isEmpty) merged.push({ term, data: writer.take() });
    yield;
  }
  file.transact(() => {
    for (const row of merged) putPostings(file, number, row);
  });
  yield;
}

function copyLive(bytes: Uint8Array, places: Int32Array, writer: PostingWriter): void {
  const reader = new PostingReader(bytes);
  while (reader.next()) {
    const place = places[reader.place] ?? -1;
    if (place !== -1) writer.add(place, reader);
  }
}
