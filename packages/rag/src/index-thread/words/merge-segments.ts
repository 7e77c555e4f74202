import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import { Cells } from './cells.ts';
import { IdPages } from './id-pages.ts';
import { bucketOf, BucketReader, BucketWriter, SEGMENT_STEP, toBits, toBytes } from './posting-buckets.ts';
import { PostingReader, PostingWriter } from './posting-list.ts';
import type { SealedSegment } from './segment.ts';
import { putBucket } from './write-segment.ts';

/** Buckets of the merged table that are written in one go, as bits; passages that are looked at in one go. */
const SLICE_BITS = 4;
const SLICE_PLACES = 2_048;

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
  const cells = new Cells();
  const ids = new IdPages(file, number);
  const inputs: Input[] = [];
  for (const segment of segments) inputs.push(yield* mapPlaces(segment, { cells, ids }));
  ids.end();
  const bytes = segments.reduce((sum, { bits, live, cells: { count } }) => sum + (toBytes(bits) * live) / count, 0);
  const bits = toBits(bytes);
  const common = Math.max(0, bits - SLICE_BITS);
  for (let bucket = 0; bucket < 2 ** common; bucket += 1) {
    yield* mergeBucket(file, { number, inputs, bits, common, bucket });
  }
  return { cells, bits };
}

/** Puts what is live behind what `into` has. */
function* mapPlaces(segment: SealedSegment, into: { cells: Cells; ids: IdPages }): Work<Input> {
  const places = new Int32Array(segment.cells.count).fill(-1);
  for (let first = 0; first < places.length; first += SLICE_PLACES) {
    const ids = segment.idsFrom(first, SLICE_PLACES).filter((_, offset) => {
      const place = first + offset;
      if (!segment.isLive(place)) return false;
      places[place] = into.cells.count;
      into.cells.push(segment.cells.documentAt(place), segment.cells.lengthsAt(place));
      return true;
    });
    yield* into.ids.add(ids);
    yield;
  }
  return { segment, places };
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
  const [reader, postings, writer] = [new PostingReader(), new PostingWriter(), new BucketWriter()];
  const width = 2 ** (bits - common);
  const keys = Array.from({ length: width }, (): string[] => []);
  for (const key of parts.keys()) keys[bucketOf(key, bits) - bucket * width]?.push(key);
  file.transact(() => {
    for (const [place, own] of keys.entries()) {
      for (const key of own) {
        for (const part of parts.get(key) ?? []) copyLive(part, { reader, writer: postings });
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
  // Of a small table, a bucket holds keys of several.
  const width = 2 ** Math.max(0, segment.bits - common);
  const first = segment.bits >= common ? bucket * width : bucket >>> (common - segment.bits);
  const rows = file.all<{ data: Uint8Array }>(
    'select data from postings where number >= ? and number < ?',
    segment.number * SEGMENT_STEP + first,
    segment.number * SEGMENT_STEP + first + width,
  );
  for (const { data } of rows) {
    const reader = new BucketReader(data);
    while (reader.next()) {
      const { key, postings } = reader;
      if (segment.bits < common && bucketOf(key, common) !== bucket) continue;
      const known = parts.get(key);
      if (known) known.push({ postings, places });
      else parts.set(key, [{ postings, places }]);
    }
  }
}

function copyLive(
  { postings, places }: Part,
  { reader, writer }: { reader: PostingReader; writer: PostingWriter },
): void {
  const { count, places: old, counts } = reader.read(postings);
  for (let at = 0; at < count; at += 1) {
    const place = places[old[at] ?? 0] ?? -1;
    if (place !== -1) writer.add(place, counts[at] ?? 0);
  }
}
