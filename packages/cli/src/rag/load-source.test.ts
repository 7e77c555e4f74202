import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocumentReader } from '@parley/rag/parsing';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../../../rag/src/documents/formats/testing/make-zip.ts';
import { BLOG_POST, servePages, type PageServer } from '../testing/page-server.ts';
import { cutByCharacters } from './cut-by-characters.ts';
import { loadSource, type LoadSourceOptions } from './load-source.ts';

const reader = createDocumentReader();
let folder: string;
let server: PageServer;
let skipped: string[][] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-sources-'));
  server = await servePages({
    '/post': BLOG_POST,
    '/plain.txt': 'Plain words.',
    // 你好 in GBK, which the page names.
    '/gbk': Buffer.concat([Buffer.from('<meta charset="gbk"><p>'), Buffer.from([0xc4, 0xe3, 0xba, 0xc3])]),
  });
});
afterAll(async () => {
  server.close();
  await reader.close();
  rmSync(folder, { recursive: true });
});

function load(source: string, more: Partial<LoadSourceOptions> = {}) {
  skipped = [];
  const onSkipped = (name: string, { code }: { code: string }) => void skipped.push([name, code]);
  const options = { select: [], allowPrivate: true, reader, onSkipped, ...more };
  return loadSource(source, options, new AbortController().signal);
}

async function loadOne(source: string, more: Partial<LoadSourceOptions> = {}) {
  const [document, ...others] = await load(source, more);
  expect(others).toEqual([]);
  return document!;
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a page', () => {
  it('is reduced to the parts that are selected', async () => {
    const document = await loadOne(`${server.url}/post`, { select: ['.post-title,.post-content'] });
    expect(document).toMatchObject({ source: `${server.url}/post`, title: 'Agents', language: 'en' });
    expect(document.text).toMatch(/^# Autonomous agents\n\n## Task decomposition\n\n/);
    expect(document.text).not.toMatch(/Home|shop/);
    for (const { start, end, text } of document.parts) expect(document.text.slice(start, end)).toBe(text);
  });

  it('is read in its own encoding, or as plain text', async () => {
    expect((await loadOne(`${server.url}/gbk`)).text).toBe('你好');
    expect((await loadOne(`${server.url}/plain.txt`)).text).toBe('Plain words.');
  });

  it.each([
    ['/post', false, 'url_private'],
    ['/missing', true, 'url_unreachable'],
  ])('%s is refused with its address in the sentence', async (path, allowPrivate, code) => {
    const address = server.url + path;
    const failed = load(address, { allowPrivate });
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(address) });
  });

  it.each(['ftp://example.com/a', 'file:///etc/passwd', 'GOPHER://x/'])('must not be %s', async (address) => {
    await expect(load(address)).rejects.toMatchObject({ code: 'url_refused' });
  });
});

describe('a file', () => {
  it.each([
    ['a.md', '# Title\n\nWords.', 'Title', '# Title\n\nWords.'],
    ['b.txt', '中文。', 'b', '中文。'],
    ['c.HTML', '<title>T</title><p>Seen.</p><script>no</script>', 'T', 'Seen.'],
    ['d.csv', 'name,age\nAda,36\n', 'd', '| name | age |\n| --- | --- |\n| Ada | 36 |'],
  ])('%s is read for what it is', async (name, content, title, text) => {
    const path = file(name, content);
    expect(await loadOne(path)).toMatchObject({ text, title, source: path });
  });

  it.each([
    ['empty', () => file('empty.md', ' \n'), 'document_empty'],
    ['no text', () => file('picture.txt', Buffer.from([0x89, 0x50, 0, 0])), 'document_type_unknown'],
    ['not there', () => join(folder, 'missing.md'), 'document_unreadable'],
    ['a folder', () => (mkdirSync(join(folder, 'sub')), join(folder, 'sub')), 'document_unreadable'],
    ['a cut PDF', () => file('cut.pdf', '%PDF-1.7\n1 0 obj'), 'document_unreadable'],
  ])('that is %s is refused by name', async (_, make, code) => {
    const path = make();
    await expect(load(path)).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
  });
});

describe('an archive', () => {
  it('is the files in it; what cannot be read is left out and said', async () => {
    const disguised = makeZip({ 'deep.txt': 'Deep words.' });
    const files = { 'one.md': '# One', 'noise.bin': new Uint8Array([0, 1, 2, 3]), 'no.docx': disguised };
    const path = file('all.zip', makeZip({ ...files, 'sub/二.txt': '中文。' }));
    const documents = await load(path);
    expect(documents.map(({ source, text }) => [source, text])).toEqual([
      [`${path}/one.md`, '# One'],
      [`${path}/sub/二.txt`, '中文。'],
    ]);
    expect(skipped.map(([name]) => name)).toEqual([`${path}/noise.bin`, `${path}/no.docx`]);
  });

  it('without anything that can be read is refused', async () => {
    const path = file('noise.zip', makeZip({ 'noise.bin': new Uint8Array([0, 1, 2, 3]) }));
    await expect(load(path)).rejects.toMatchObject({ code: 'document_empty' });
  });
});

it('is cut into pieces of so many characters when asked to, each with its page and warnings', async () => {
  const text = 'One two three four. Five six seven.';
  const document = {
    ...(await loadOne(file('cut.txt', text))),
    pages: [
      { number: 1, start: 0 },
      { number: 2, start: 20 },
    ],
    flaggedSpans: [{ start: 21, end: 23, flag: 'instructions' as const }],
  };
  const { parts } = await cutByCharacters(document, { chunkSize: 20, chunkOverlap: 0 });
  expect(parts.map(({ page, flags, text: part }) => [page, flags, part])).toEqual([
    [1, [], 'One two three four.'],
    [2, ['instructions'], 'Five six seven.'],
  ]);
});
