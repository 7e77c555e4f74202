import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import type { Draft } from './draft.ts';
import { IdPages } from './id-pages.ts';
import { bucketOf, BucketWriter, SEGMENT_STEP, toBits, toKey } from './posting-buckets.ts';
import { PostingWriter } from './posting-list.ts';

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
  const buckets = yield* sortIntoBuckets(terms.terms(), bits);
  const [postings, bucket] = [new PostingWriter(), new BucketWriter()];
  for (let first = 0; first < 2 ** bits; first += SLICE_ROWS) {
    file.transact(() => {
      for (let place = first; place < Math.min(2 ** bits, first + SLICE_ROWS); place += 1) {
        for (const term of buckets.of(place)) {
          const data = terms.encode(term, postings, isLive);
          if (data) bucket.add(toKey(term), data);
        }
        putBucket(file, { segment: number, bucket: place }, bucket);
      }
    });
    yield;
  }
  const ids = new IdPages(file, number);
  yield* ids.add(draft.ids);
  ids.end();
  return bits;
}

/** Counts first, then places: a list per bucket would take more memory than the terms do. */
function* sortIntoBuckets(terms: readonly string[], bits: number): Work<{ of: (bucket: number) => string[] }> {
  const own = new Uint32Array(terms.length);
  const ends = new Uint32Array(2 ** bits + 1);
  for (const [at, term] of terms.entries()) {
    const bucket = bucketOf(toKey(term), bits);
    own[at] = bucket;
    ends[bucket + 1] = (ends[bucket + 1] ?? 0) + 1;
    if (at % SLICE_TERMS === 0) yield;
  }
  for (let bucket = 1; bucket < ends.length; bucket += 1) ends[bucket] = (ends[bucket] ?? 0) + (ends[bucket - 1] ?? 0);
  const sorted = new Uint32Array(terms.length);
  const next = ends.slice();
  for (const [at, bucket] of own.entries()) {
    const place = next[bucket] ?? 0;
    sorted[place] = at;
    next[bucket] = place + 1;
  }
  return { of: (bucket) => Array.from(sorted.subarray(ends[bucket], ends[bucket + 1]), (at) => terms[at] ?? '') };
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
