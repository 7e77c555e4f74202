import { SPACE_STEP } from '../vectors/vector-store.ts';
import { SEGMENT_STEP } from '../words/posting-buckets.ts';
import type { Work } from '../work-queue.ts';
import type { IndexFile } from './index-file.ts';

const SLICE_ROWS = 256;
/** Pages that are given back at once. */
const SLICE_PAGES = 64;
/** Share of the file that may be free: room for what is written next. */
const MOST_FREE = 0.25;

/** Work that deletes the rows of what was removed and gives their room back; null: there is nothing. */
export function findLeftovers(file: IndexFile): Work<void> | null {
  const segment = file.get<{ number: number }>("select number from segments where state = 'dropped' limit 1");
  if (segment) return clearSegment(file, segment.number);
  const base = file.get<{ number: number }>('select number from bases where id is null limit 1');
  if (base) return clearBase(file, base.number);
  const space = file.get<{ number: number }>('select number from spaces where id is null limit 1');
  if (space) return clearSpace(file, space.number);
  return isHollow(file) ? giveBack(file) : null;
}

function* clearSegment(file: IndexFile, segment: number): Work<void> {
  yield* deleteAll(file, {
    sql: `delete from postings where number in (select number from postings
      where number >= ?1 * ${SEGMENT_STEP} and number < (?1 + 1) * ${SEGMENT_STEP} limit ${SLICE_ROWS})`,
    key: segment,
  });
  yield* deleteAll(file, {
    sql: `delete from pending where number in (select number from pending where segment = ?1 limit ${SLICE_ROWS})`,
    key: segment,
  });
  file.transact(() => {
    file.run('delete from passage_ids where segment = ?', segment);
    file.run('delete from segments where number = ?', segment);
  });
}

function* clearBase(file: IndexFile, base: number): Work<void> {
  yield* deleteAll(file, {
    sql: `delete from documents where number in (select number from documents where base = ?1 limit ${SLICE_ROWS})`,
    key: base,
  });
  file.run('delete from bases where number = ?', base);
}

function* clearSpace(file: IndexFile, space: number): Work<void> {
  yield* deleteAll(file, {
    sql: `delete from vectors where number in (select number from vectors
      where number > ?1 * ${SPACE_STEP} and number < (?1 + 1) * ${SPACE_STEP} limit ${SLICE_ROWS})`,
    key: space,
  });
  file.run('delete from spaces where number = ?', space);
}

function* deleteAll(file: IndexFile, { sql, key }: { sql: string; key: number }): Work<void> {
  while (file.run(sql, key) > 0) yield;
}

function isHollow(file: IndexFile): boolean {
  const free = file.get<{ freelist_count: number }>('pragma freelist_count')?.freelist_count ?? 0;
  const all = file.get<{ page_count: number }>('pragma page_count')?.page_count ?? 0;
  return free > SLICE_PAGES && free > all * MOST_FREE;
}

function* giveBack(file: IndexFile): Work<void> {
  file.all(`pragma incremental_vacuum(${SLICE_PAGES})`);
  yield;
}
