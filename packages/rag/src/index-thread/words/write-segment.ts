import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import type { Draft } from './draft.ts';
import { bucketOf, BucketWriter, SEGMENT_STEP, toBits, toKey } from './posting-buckets.ts';
import { PostingWriter } from './posting-list.ts';
import { PAGE_PASSAGES } from './segment.ts';

/** Rows per transaction. */
const SLICE_ROWS = 32;
/** Terms that are sorted into buckets in one go. */
const SLICE_TERMS = 2_048;
/** About what a term, and what a passage that has it, take in a bucket. */
const TERM_BYTES = 9;
const POSTING_BYTES = 1.3;

/**
 * Writes the postings and ids of a draft into the file, and answers how many bits the table of its
 * postings has; doing it again after a crash changes nothing.
 */
export function* writeSegment(
  file: IndexFile,
  { number, draft, isLive }: { number: number; draft: Draft; isLive: (place: number) => boolean },
): Work<number> {
  const { terms } = draft;
  const bits = toBits(terms.size * TERM_BYTES + terms.postings * POSTING_BYTES);
  const buckets = Array.from({ length: 2 ** bits }, (): { key: string; term: string }[] => []);
  for (const [place, term] of terms.terms().entries()) {
    const key = toKey(term);
    buckets[bucketOf(key, bits)]?.push({ key, term });
    if (place % SLICE_TERMS === 0) yield;
  }
  const [postings, bucket] = [new PostingWriter(), new BucketWriter()];
  for (let first = 0; first < buckets.length; first += SLICE_ROWS) {
    file.transact(() => {
      for (const [place, entries] of buckets.slice(first, first + SLICE_ROWS).entries()) {
        for (const { key, term } of entries) {
          const data = terms.encode(term, postings, isLive);
          if (data) bucket.add(key, data);
        }
        putBucket(file, { segment: number, bucket: first + place }, bucket);
      }
    });
    yield;
  }
  yield* writeIds(file, number, draft.ids);
  return bits;
}

/** Stores what was put together, if there is anything. */
export function putBucket(
  file: IndexFile,
  { segment, bucket }: { segment: number; bucket: number },
  written: BucketWriter,
): void {
  if (written.isEmpty) return;
  const sql = 'insert or replace into postings (number, data) values (?, ?)';
  file.run(sql, segment * SEGMENT_STEP + bucket, written.take());
}

export function* writeIds(file: IndexFile, segment: number, ids: readonly string[]): Work<void> {
  for (let start = 0; start < ids.length; start += PAGE_PASSAGES * SLICE_ROWS) {
    file.transact(() => {
      const end = Math.min(ids.length, start + PAGE_PASSAGES * SLICE_ROWS);
      for (let at = start; at < end; at += PAGE_PASSAGES) {
        const page = JSON.stringify(ids.slice(at, at + PAGE_PASSAGES));
        const sql = 'insert or replace into passage_ids (segment, page, ids) values (?, ?, ?)';
        file.run(sql, segment, at / PAGE_PASSAGES, page);
      }
    });
    yield;
  }
}
