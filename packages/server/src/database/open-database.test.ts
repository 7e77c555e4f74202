import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NamedMigration } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';

let home: string;
let time = Date.UTC(2026, 10, 22, 12);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-database-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = (extra: NamedMigration[] = []) =>
  openDatabase({ home, now: () => time, migrations: [...migrations, ...extra] });

const addColumn: NamedMigration = {
  name: '0099-add-column',
  up: (db) => db.schema.alterTable('users').addColumn('mood', 'text').execute(),
};

const halfWay: NamedMigration = {
  name: '0099-half-way',
  async up(db) {
    await db.schema.createTable('extra').addColumn('id', 'text').execute();
    await db.deleteFrom('users').execute();
    throw new Error('the second half is wrong');
  },
};

async function storeUser(): Promise<void> {
  const db = await open();
  const user = { id: 'u', name: 'Ada', name_key: 'ada', role: 'owner' as const, password_hash: null, created_at: 1 };
  await db.insertInto('users').values(user).execute();
  await db.destroy();
}

const backups = () => readdirSync(join(home, 'backups')).toSorted();

describe('opening', () => {
  it('closes the folder and the file to other users', async () => {
    const db = await open();
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'parley.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'parley.db-wal')).mode & 0o777).toBe(0o600);
    await db.destroy();
  });

  it('writes through to the disk, with a log beside the file', async () => {
    const db = await open();
    await db.destroy();
    const file = new DatabaseSync(join(home, 'parley.db'));
    expect(file.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    file.close();
  });

  it('finds at the second time what was stored at the first, and copies nothing', async () => {
    await storeUser();
    const db = await open();
    expect(await db.selectFrom('users').select('name').execute()).toEqual([{ name: 'Ada' }]);
    expect(readdirSync(home)).not.toContain('backups');
    await db.destroy();
  });

  it('says in plain words that a file is no database', async () => {
    const db = await open();
    await db.destroy();
    writeFileSync(join(home, 'parley.db'), 'not a database at all, but a text of some length'.repeat(100));
    await expect(open()).rejects.toMatchObject({ code: 'storage_failed' });
  });
});

describe('migrating', () => {
  it('copies a database that has something in it before it changes it', async () => {
    await storeUser();
    await (await open([addColumn])).destroy();
    expect(backups()).toEqual(['parley-20261122T120000000Z.db']);
    const copy = new DatabaseSync(join(home, 'backups', 'parley-20261122T120000000Z.db'));
    expect(copy.prepare('select name from users').all()).toEqual([{ name: 'Ada' }]);
    expect(() => copy.prepare('select mood from users')).toThrow('no such column: mood');
    copy.close();
  });

  it('changes nothing when one step fails half way, and says why', async () => {
    await storeUser();
    await expect(open([halfWay])).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('the second half is wrong'),
    });
    const db = await open();
    expect(await db.selectFrom('users').select('name').execute()).toEqual([{ name: 'Ada' }]);
    const tables = await db.introspection.getTables();
    expect(tables.map(({ name }) => name)).not.toContain('extra');
    await db.destroy();
  });

  it('refuses a database that a newer version has written', async () => {
    await (await open([addColumn])).destroy();
    await expect(open()).rejects.toThrow(/newer Parley .*0099-add-column/);
  });

  it('keeps the five newest copies', async () => {
    await storeUser();
    for (let attempt = 0; attempt < 7; attempt += 1) {
      time += 60_000;
      await expect(open([halfWay])).rejects.toThrow('second half');
    }
    expect(backups()).toHaveLength(5);
    expect(backups().at(-1)).toBe('parley-20261122T120700000Z.db');
  });
});
