import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Kysely, sql } from 'kysely';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import { WriteAheadLog, type SyncedFile } from './write-ahead-log.ts';

interface Tables {
  notes: { id: number; text: string };
}

let folder: string;
let path: string;
let file: DatabaseSync;
let db: Kysely<Tables>;
/** What reached the disk, in order: `log`, or `file`. */
let synced: string[];
/** What the disk says to the next attempt. */
let refusal: Error | null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-log-'));
  path = join(folder, 'notes.db');
  [synced, refusal] = [[], null];
  file = new DatabaseSync(path);
  file.exec('pragma journal_mode = wal');
  const log = await WriteAheadLog.open({ file, path, openFile: openWatched });
  db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(file, log) });
  await db.schema.createTable('notes').addColumn('id', 'integer').addColumn('text', 'text').execute();
  synced = [];
});

afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function openWatched(name: string, flags: string): Promise<SyncedFile> {
  const handle = await open(name, flags);
  return {
    async datasync() {
      if (refusal) throw refusal;
      await handle.datasync();
      synced.push(name === path ? 'file' : 'log');
    },
    close: () => handle.close(),
  };
}

const write = (id: number, length = 1) =>
  db
    .insertInto('notes')
    .values({ id, text: 'x'.repeat(length) })
    .execute();

const frames = () => file.prepare('pragma wal_checkpoint(noop)').get()?.['log'];

it('has a write on the disk before it says that it is stored', async () => {
  await write(1);
  expect(synced).toEqual(['log']);
  await db.updateTable('notes').set({ text: 'y' }).returning('id').execute();
  expect(synced).toEqual(['log', 'log']);
});

it('has a transaction on the disk once, with its end', async () => {
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 1, text: '' }).execute();
    await trx.insertInto('notes').values({ id: 2, text: '' }).execute();
    expect(synced).toEqual([]);
  });
  expect(synced).toEqual(['log']);
});

it('waits for no disk when nothing was written', async () => {
  await db.selectFrom('notes').selectAll().execute();
  await db.deleteFrom('notes').where('id', '=', 7).execute();
  await db.transaction().execute((trx) => trx.selectFrom('notes').selectAll().execute());
  const failed = db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 1, text: '' }).execute();
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  expect(synced).toEqual([]);
});

it('moves a long log into the file, which is on the disk before the log begins anew', async () => {
  await write(1, 5_000_000);
  expect(synced).toEqual(['log', 'file', 'log']);
  expect(frames()).toBe(1);
  expect(statSync(path).size).toBeGreaterThan(5_000_000);
  expect(file.prepare('pragma synchronous').get()).toEqual({ synchronous: 1 });
  await write(2);
  expect(synced).toEqual(['log', 'file', 'log', 'log']);
});

it('does not let the log grow with what is written', async () => {
  for (let id = 0; id < 60; id += 1) await write(id, 500_000);
  expect(statSync(`${path}-wal`).size).toBeLessThan(10_000_000);
  const { total } = await db
    .selectFrom('notes')
    .select(sql<number>`sum(length(text))`.as('total'))
    .executeTakeFirstOrThrow();
  expect(total).toBe(30_000_000);
});

it('leaves a log alone that somebody still reads, and moves it later', async () => {
  const reader = new DatabaseSync(path);
  reader.exec('begin');
  reader.prepare('select count(*) from notes').get();
  await write(1, 5_000_000);
  expect(frames()).toBeGreaterThan(1_000);
  reader.exec('commit');
  reader.close();
  await write(2, 5_000_000);
  expect(frames()).toBe(1);
});

it('stores nothing more once the disk has refused something', async () => {
  refusal = new Error('EIO');
  await expect(write(1)).rejects.toMatchObject({ code: 'storage_failed', cause: refusal });
  refusal = null;
  await expect(write(2)).rejects.toMatchObject({ code: 'storage_failed' });
});

it('leaves a whole file without a log when it is closed', async () => {
  await write(1);
  await db.destroy();
  const again = new DatabaseSync(path);
  expect(again.prepare('select id from notes').all()).toEqual([{ id: 1 }]);
  again.close();
});
