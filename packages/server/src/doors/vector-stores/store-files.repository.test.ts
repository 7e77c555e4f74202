import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../database/open-database.ts';
import type { Database } from '../../database/schema.ts';
import { RowMaker } from '../../knowledge/testing/row-maker.ts';
import { StoreFilesRepository } from './store-files.repository.ts';

let home: string;
let db: Kysely<Database>;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'parley-stores-'));
  db = await openDatabase({ home, now: () => 1 });
  const user = { id: 'u', name: 'Ada', name_key: 'ada', role: 'owner' as const, password_hash: null, created_at: 1 };
  await db.insertInto('users').values(user).execute();
  const base = { id: 'b', owner_id: 'u', name: 'B', description: '', kind: 'base' as const, conversation_id: null };
  await db
    .insertInto('knowledge_bases')
    .values({ ...base, visibility: 'private', settings: '{}', created_at: 1, updated_at: 1 })
    .execute();
});
afterEach(async () => {
  await db.destroy();
  await rm(home, { recursive: true, force: true });
});

const file = (name: string) => ({ name, mediaType: 'text/plain', hash: 'none', size: 5 });

it('says in progress until the index follows what is ready', async () => {
  const rows = new StoreFilesRepository(db);
  const id = await new RowMaker(db).document('b', file('a.txt'));
  const statusOf = async () => (await rows.find('b', id))?.status;
  expect(await statusOf()).toBe('completed');
  await db.insertInto('index_changes').values({ base_id: 'b', document_id: id }).execute();
  expect(await statusOf()).toBe('in_progress');
  expect(await rows.counts('b')).toEqual({
    bytes: 5,
    files: { in_progress: 1, completed: 0, failed: 0, cancelled: 0 },
  });
  await db.updateTable('index_changes').set({ followed: 'words' }).execute();
  expect(await statusOf()).toBe('completed');
});

it.each([
  ['queued', 'in_progress'],
  ['embedding', 'in_progress'],
  ['failed', 'failed'],
  ['set-aside', 'failed'],
  ['cancelled', 'cancelled'],
])('calls %s what programs call %s', async (state, status) => {
  const id = await new RowMaker(db).document('b', file('a.txt'));
  await db.updateTable('documents').set({ state }).execute();
  expect(await new StoreFilesRepository(db).findMany('b', [id])).toMatchObject([{ status }]);
});

it('reads all files of a base, more than one piece of them', async () => {
  const { id, ...row } = await db
    .selectFrom('documents')
    .selectAll()
    .where('id', '=', await new RowMaker(db).document('b', file('a.txt')))
    .executeTakeFirstOrThrow();
  const more = Array.from({ length: 1_500 }, (_, number) => ({ ...row, id: `${id}-${number}`, name: `${number}.txt` }));
  for (const some of [more.slice(0, 750), more.slice(750)]) await db.insertInto('documents').values(some).execute();
  const ids = new Set<string>();
  for await (const piece of new StoreFilesRepository(db).all('b')) for (const found of piece) ids.add(found.id);
  expect(ids.size).toBe(1_501);
});
