import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import { Cells } from './cells.ts';
import { bucketOf, BucketReader, BucketWriter, SEGMENT_STEP, toBits, toBytes } from './posting-buckets.ts';
import { PostingColumns, PostingWriter } from './posting-list.ts';
import type { SealedSegment } from './segment.ts';
import { putBucket, writeIds } from './write-segment.ts';

/** A segment, and for each of its places the one in the merged segment; -1: dead. */
interface Input {
  segment: SealedSegment;
  places: Int32Array;
}

/** A key's postings in one of the inputs. */
interface Part {
  postings: Uint8Array;
  places: Int32Array;
}

export interface MergedSegment {
  cells: Cells;
  bits: number;
}

/**
 * Writes what is live in `segments` into the file as segment `number`. What dies meanwhile is written
 * as well; its document says that it is dead.
 */
export function* mergeSegments(
  file: IndexFile,
  { number, segments }: { number: number; segments: readonly SealedSegment[] },
): Work<MergedSegment> {
  const { inputs, cells, ids } = mapPlaces(segments);
  yield;
  yield* writeIds(file, number, ids);
  const bytes = segments.reduce(
    (sum, segment) => sum + (toBytes(segment.bits) * segment.live) / segment.cells.count,
    0,
  );
  const bits = toBits(bytes);
  // Neighbouring buckets of a larger table are one of the smallest: these are read and written together.
  const common = Math.min(bits, ...segments.map((segment) => segment.bits));
  for (let bucket = 0; bucket < 2 ** common; bucket += 1) {
    yield* mergeBucket(file, { number, inputs, bits, common, bucket });
  }
  return { cells, bits };
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

interface BucketMerge {
  number: number;
  inputs: readonly Input[];
  bits: number;
  common: number;
  bucket: number;
}

function* mergeBucket(file: IndexFile, { number, inputs, bits, common, bucket }: BucketMerge): Work<void> {
  const parts = new Map<string, Part[]>();
  for (const input of inputs) {
    readBuckets(file, { input, common, bucket }, parts);
    yield;
  }
  const [columns, postings, writer] = [new PostingColumns(), new PostingWriter(), new BucketWriter()];
  const width = 2 ** (bits - common);
  const keys = Array.from({ length: width }, (): string[] => []);
  for (const key of parts.keys()) keys[bucketOf(key, bits) - bucket * width]?.push(key);
  file.transact(() => {
    for (const [place, own] of keys.entries()) {
      for (const key of own) {
        for (const part of parts.get(key) ?? []) copyLive(part, { columns, writer: postings });
        if (!postings.isEmpty) writer.add(key, postings.take());
      }
      putBucket(file, { segment: number, bucket: bucket * width + place }, writer);
    }
  });
  yield;
}

function readBuckets(
  file: IndexFile,
  { input, common, bucket }: { input: Input; common: number; bucket: number },
  parts: Map<string, Part[]>,
): void {
  const { segment, places } = input;
  const width = 2 ** (segment.bits - common);
  const first = segment.number * SEGMENT_STEP + bucket * width;
  const rows = file.all<{ data: Uint8Array }>(
    'select data from postings where number >= ? and number < ?',
    first,
    first + width,
  );
  for (const { data } of rows) {
    const reader = new BucketReader(data);
    while (reader.next()) {
      const known = parts.get(reader.key);
      if (known) known.push({ postings: reader.postings, places });
      else parts.set(reader.key, [{ postings: reader.postings, places }]);
    }
  }
}

function copyLive(
  { postings, places }: Part,
  { columns, writer }: { columns: PostingColumns; writer: PostingWriter },
): void {
  const count = columns.read(postings);
  for (let at = 0; at < count; at += 1) {
    const place = places[columns.places[at] ?? 0] ?? -1;
    if (place === -1) continue;
    writer.add(place, {
      text: columns.texts[at] ?? 0,
      title: columns.titles[at] ?? 0,
      heading: columns.headings[at] ?? 0,
    });
  }
}
