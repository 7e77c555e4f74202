import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import type { Draft } from './draft.ts';
import { PostingWriter } from './posting-list.ts';
import { PAGE_PASSAGES } from './segment.ts';

/** Rows per transaction. */
const SLICE_ROWS = 512;

/** Writes the postings and ids of a draft into the file; doing it again after a crash changes nothing. */
export function* writeSegment(
  file: IndexFile,
  { number, draft, isLive }: { number: number; draft: Draft; isLive: (place: number) => boolean },
): Work<void> {
  const writer = new PostingWriter();
  // In the order of the tree, so that rows are put in side by side.
  const terms = draft.terms.terms().toSorted();
  for (let start = 0; start < terms.length; start += SLICE_ROWS) {
    const rows = terms
      .slice(start, start + SLICE_ROWS)
      .map((term) => ({ term, data: draft.terms.encode(term, writer, isLive) }));
    file.transact(() => {
      for (const { term, data } of rows) if (data) putPostings(file, number, { term, data });
    });
    yield;
  }
  yield* writeIds(file, number, draft.ids);
}

export function putPostings(file: IndexFile, segment: number, row: { term: string; data: Uint8Array }): void {
  const sql = 'insert or replace into postings (segment, term, data) values (?, ?, ?)';
  file.run(sql, segment, row.term, row.data);
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
