import { readdirSync, readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDocx, wordParagraph } from '../testing/make-office.ts';
import { makeZip } from '../testing/make-zip.ts';
import { unpackArchive } from './unpack-archive.ts';

const LIMITS = { maxUnpackedBytes: 100 * 1024 * 1024, maxEntries: 100 };
let folder = '';

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parley-archive-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function unpack(bytes: Uint8Array, limits = LIMITS) {
  const files: { name: string; content: string; path: string }[] = [];
  for await (const { name, path, size } of unpackArchive(bytes, folder, limits)) {
    const content = readFileSync(path, 'utf8');
    expect(Buffer.byteLength(content)).toBe(size);
    files.push({ name, content, path });
  }
  return files;
}

/** Sets a field of every local header and directory entry. */
function patchHeaders(bytes: Uint8Array, patch: (view: DataView, at: number, isLocal: boolean) => void): Uint8Array {
  const patched = Uint8Array.from(bytes);
  const view = new DataView(patched.buffer);
  for (let at = 0; at + 4 < patched.length; at += 1) {
    const mark = view.getUint32(at, true);
    if (mark === 0x04034b50 || mark === 0x02014b50) patch(view, at, mark === 0x04034b50);
  }
  return patched;
}

it('unpacks files under names of its own and shows theirs', async () => {
  const files = await unpack(makeZip({ 'docs/a.txt': 'One', 'docs/': '', '说明.md': '二', 'empty.txt': '' }));
  expect(files.map(({ name, content }) => [name, content])).toEqual([
    ['docs/a.txt', 'One'],
    ['说明.md', '二'],
    ['empty.txt', ''],
  ]);
  for (const { path } of files) expect(dirname(path)).toBe(folder);
});

it.each([
  ['../../etc/passwd', 'etc/passwd'],
  ['/etc/passwd', 'etc/passwd'],
  ['C:\\Windows\\a.txt', 'Windows/a.txt'],
  ['..\\..\\a.txt', 'a.txt'],
  ['a/./../b.txt', 'a/b.txt'],
  ['evil\u202Etxt.exe', 'eviltxt.exe'],
  ['../..', 'unnamed'],
])('shows %s harmlessly and writes it nowhere else', async (name, shown) => {
  const [file] = await unpack(makeZip({ [name]: 'x' }));
  expect(file).toMatchObject({ name: shown, content: 'x' });
  expect(dirname(file!.path)).toBe(folder);
});

it('skips what systems leave behind, and archives inside', async () => {
  const inner = makeZip({ 'b.txt': 'x' });
  const bytes = makeZip({
    '__MACOSX/._a.txt': 'x',
    'a/.DS_Store': 'x',
    'Thumbs.db': 'x',
    'inner.zip': inner,
    'disguised.txt': inner,
    'a.docx': makeDocx(wordParagraph('Words')),
    'a.txt': 'kept',
  });
  expect((await Array.fromAsync(unpackArchive(bytes, folder, LIMITS))).map(({ name }) => name)).toEqual([
    'a.docx',
    'a.txt',
  ]);
  expect(readdirSync(folder)).toHaveLength(2);
});

it('reads names in GBK where nothing says that they are UTF-8', async () => {
  const bytes = patchHeaders(makeZip({ 'abcd.txt': 'x' }), (view, at, isLocal) => {
    const name = at + (isLocal ? 30 : 46);
    for (const [place, byte] of [0xd6, 0xd0, 0xce, 0xc4].entries()) view.setUint8(name + place, byte);
    view.setUint16(at + (isLocal ? 6 : 8), 0, true);
  });
  expect((await unpack(bytes))[0]!.name).toBe('中文.txt');
});

it('refuses an archive with a password before anything is written', async () => {
  const bytes = patchHeaders(makeZip({ 'a.txt': 'x' }), (view, at, isLocal) =>
    view.setUint16(at + (isLocal ? 6 : 8), 1, true),
  );
  await expect(unpack(bytes)).rejects.toMatchObject({ code: 'document_encrypted' });
  expect(readdirSync(folder)).toEqual([]);
});

it('counts bytes while it inflates, and leaves nothing of the file that was too large', async () => {
  const bytes = makeZip({ 'small.txt': 'x', 'large.txt': 'y'.repeat(3_000_000) });
  const claimed = patchHeaders(bytes, (view, at, isLocal) => view.setUint32(at + (isLocal ? 22 : 24), 5, true));
  await expect(unpack(claimed, { ...LIMITS, maxUnpackedBytes: 1_000_000 })).rejects.toMatchObject({
    code: 'document_bomb',
  });
  expect(readdirSync(folder)).toHaveLength(1);
});

it('refuses what grows out of all proportion, and too many files', async () => {
  const bomb = makeZip({ 'a.txt': new Uint8Array(40 * 1024 * 1024) });
  await expect(unpack(bomb)).rejects.toMatchObject({ code: 'document_bomb' });
  const many = makeZip(Object.fromEntries(Array.from({ length: 101 }, (_, place) => [`${place}.txt`, 'x'])));
  await expect(unpack(many)).rejects.toMatchObject({ code: 'document_bomb' });
});

it.each([0, 30, 80])('refuses an archive that is broken off after %i bytes', async (length) => {
  const bytes = makeZip({ 'a.txt': 'some words' }).subarray(0, length);
  await expect(unpack(bytes)).rejects.toMatchObject({ code: 'document_unreadable' });
});

it('reads a zip behind other bytes, and one with a comment', async () => {
  const zip = makeZip({ 'a.txt': 'x' });
  const shifted = Uint8Array.from([...new TextEncoder().encode('#!/bin/sh\n'), ...zip]);
  expect((await unpack(shifted))[0]!.content).toBe('x');
  const commented = Uint8Array.from([...zip, ...new TextEncoder().encode('note')]);
  new DataView(commented.buffer).setUint16(zip.length - 2, 4, true);
  rmSync(folder, { recursive: true });
  expect((await unpack(commented))[0]!.content).toBe('x');
});
