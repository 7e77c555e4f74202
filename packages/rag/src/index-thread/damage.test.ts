import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KnowledgeIndex } from '../knowledge/knowledge-index.ts';
import { makeIndexedChunk, TemporaryIndex } from '../testing/temporary-index.ts';

let home: TemporaryIndex;

beforeEach(() => {
  home = new TemporaryIndex();
});

afterEach(() => home.remove());

async function store(): Promise<void> {
  const index = await home.open();
  await index.words.replaceDocument({ baseId: 'b', documentId: 'd' }, [[makeIndexedChunk('c', 'apple')]]);
  await index.words.setPosition(7);
  await index.close();
}

const search = (index: KnowledgeIndex) => index.words.search('apple', { baseIds: ['b'], documentIds: null, limit: 5 });

function rewrite(sql: string): void {
  const database = new DatabaseSync(home.file);
  database.exec(sql);
  database.close();
}

/** Makes the page in which a table begins unreadable. */
function damage(table: string): void {
  const database = new DatabaseSync(home.file);
  const { page } = database.prepare('select rootpage as page from sqlite_schema where name = ?').get(table)!;
  const { page_size: size } = database.prepare('pragma page_size').get()!;
  database.close();
  const file = openSync(home.file, 'r+');
  writeSync(file, Buffer.alloc(Number(size), 0xff), 0, Number(size), (Number(page) - 1) * Number(size));
  closeSync(file);
}

it.each([
  ['a text', () => writeFileSync(home.file, 'not a database at all, but a text of some length'.repeat(500))],
  ['cut short', () => writeFileSync(home.file, readFileSync(home.file).subarray(0, 9_000))],
  ['of another program', () => rewrite('pragma application_id = 1')],
  ['of another version', () => rewrite('pragma user_version = 99999')],
  ['damaged where it begins', () => damage('segments_by_state')],
])('begins anew with a file that is %s', async (_, spoil) => {
  await store();
  spoil();
  const index = await home.open();
  expect(await index.words.position()).toBe(0);
  expect(await search(index)).toEqual({ hits: [], terms: 1 });
  await index.words.setPosition(3);
  expect(await index.words.position()).toBe(3);
});

it('begins anew when the damage shows later, and refuses a position until it was asked for the new one', async () => {
  await store();
  damage('pending');
  const index = await home.open();
  expect(await index.words.position()).toBe(7);
  await expect(search(index)).rejects.toMatchObject({ code: 'storage_failed' });
  await expect(index.words.setPosition(8)).rejects.toMatchObject({ code: 'storage_failed' });
  expect(await index.words.position()).toBe(0);
  await index.words.setPosition(1);
  expect(await search(index)).toEqual({ hits: [], terms: 1 });
});

it('leaves a file alone that it may not read', async () => {
  mkdirSync(home.file);
  await expect(home.open()).rejects.toMatchObject({ code: 'storage_failed' });
  expect(statSync(home.file).isDirectory()).toBe(true);
});

it('closes the file to other users', async () => {
  await store();
  expect(statSync(home.file).mode & 0o777).toBe(0o600);
});
