import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { isBeyond, type ListPlace } from './list-page.ts';
import { statusOfState } from './store-file-rows.ts';
import type { FileStatus } from './store-requests.ts';

/** Sizes that are summed up at once: some milliseconds of work. */
const SIZES_AT_ONCE = 10_000;

export interface StoreCounts {
  bytes: number;
  files: Record<FileStatus, number>;
}

/** How many files of each status a base has, and their bytes; others have their turn in between. */
export async function countStoreFiles(db: Kysely<Database>, baseId: string): Promise<StoreCounts> {
  const files: StoreCounts['files'] = { in_progress: 0, completed: 0, failed: 0, cancelled: 0 };
  const states = await db
    .selectFrom('documents')
    .select(['state', (row) => row.fn.countAll().as('count')])
    .where('base_id', '=', baseId)
    .groupBy('state')
    .execute();
  for (const { state, count } of states) files[statusOfState(state)] += Number(count);
  const lagging = await countLagging(db, baseId);
  files.completed -= lagging;
  files.in_progress += lagging;
  return { files, bytes: await sumSizes(db, baseId) };
}

/** Those that are ready and not yet in the index of words. */
async function countLagging(db: Kysely<Database>, baseId: string): Promise<number> {
  const { count } = await db
    .selectFrom('index_changes')
    .innerJoin('documents', 'documents.id', 'index_changes.document_id')
    .select((row) => row.fn.count('documents.id').distinct().as('count'))
    .where('index_changes.base_id', '=', baseId)
    .where('index_changes.followed', '=', 'none')
    .where('documents.state', '=', 'ready')
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function sumSizes(db: Kysely<Database>, baseId: string): Promise<number> {
  let bytes = 0;
  let from: ListPlace | null = null;
  while (true) {
    await nextTurn();
    const after = isBeyond('documents', { from, direction: 'asc' });
    const rows = db.selectFrom('documents').where('base_id', '=', baseId).where(after);
    const last: ListPlace | undefined = await rows
      .select(['created_at', 'id'])
      .orderBy('created_at')
      .orderBy('id')
      .offset(SIZES_AT_ONCE - 1)
      .limit(1)
      .executeTakeFirst();
    const slice =
      last === undefined
        ? rows
        : rows.where(sql<boolean>`not ${isBeyond('documents', { from: last, direction: 'asc' })}`);
    const { sum } = await slice.select((row) => row.fn.sum('size').as('sum')).executeTakeFirstOrThrow();
    bytes += Number(sum ?? 0);
    if (last === undefined) return bytes;
    from = last;
  }
}
