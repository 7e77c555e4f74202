import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOG_POST, servePages, type PageServer } from '../testing/page-server.ts';
import { loadSource } from './load-source.ts';

const everything = { select: [], allowPrivate: true };
let folder: string;
let server: PageServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-sources-'));
  server = await servePages({
    '/post': BLOG_POST,
    '/plain.txt': 'Plain words.',
    // 你好 in GBK, which the page names.
    '/gbk': Buffer.concat([Buffer.from('<meta charset="gbk"><p>'), Buffer.from([0xc4, 0xe3, 0xba, 0xc3])]),
  });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a page', () => {
  it('is reduced to the parts that are selected', async () => {
    const options = { ...everything, select: ['.post-title', '.post-content'] };
    const { pageContent, metadata } = await loadSource(`${server.url}/post`, options);
    expect(metadata).toMatchObject({ source: `${server.url}/post`, title: 'Agents', language: 'en' });
    expect(pageContent).toMatch(/^# Autonomous agents\n\n## Task decomposition\n\n/);
    expect(pageContent).not.toMatch(/Home|shop/);
  });

  it('is read in its own encoding, or as plain text', async () => {
    expect((await loadSource(`${server.url}/gbk`, everything)).pageContent).toBe('你好');
    expect((await loadSource(`${server.url}/plain.txt`, everything)).pageContent).toBe('Plain words.');
  });

  it.each([
    ['/post', false, 'url_private'],
    ['/missing', true, 'url_unreachable'],
  ])('%s is refused with its address in the sentence', async (path, allowPrivate, code) => {
    const address = server.url + path;
    const failed = loadSource(address, { select: [], allowPrivate });
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(address) });
  });

  it.each(['ftp://example.com/a', 'file:///etc/passwd', 'GOPHER://x/'])('must not be %s', async (address) => {
    await expect(loadSource(address, everything)).rejects.toMatchObject({ code: 'url_refused' });
  });
});

describe('a file', () => {
  it.each([
    ['a.md', '# Title\n\nWords.', 'Title', '# Title\n\nWords.'],
    ['b.txt', '中文。', 'b.txt', '中文。'],
    ['c.HTML', '<title>T</title><p>Seen.</p><script>no</script>', 'T', 'Seen.'],
  ])('%s is read for what it is', async (name, content, title, text) => {
    const path = file(name, content);
    const { pageContent, metadata } = await loadSource(path, everything);
    expect([pageContent, metadata.title, metadata.source]).toEqual([text, title, path]);
  });

  it.each([
    ['empty', () => file('empty.md', ' \n'), 'document_unreadable'],
    ['no text', () => file('picture.txt', Buffer.from([0x89, 0x50, 0, 0])), 'document_unreadable'],
    ['not there', () => join(folder, 'missing.md'), 'document_unreadable'],
    ['a folder', () => folder, 'document_unreadable'],
    ['an empty folder', () => (mkdirSync(join(folder, 'sub')), join(folder, 'sub')), 'document_unreadable'],
    ['too large', () => tooLarge(), 'document_too_large'],
  ])('that is %s is refused by name', async (_, make, code) => {
    const path = make();
    const failed = loadSource(path, everything);
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
  });

  function tooLarge(): string {
    const path = file('large.txt', '');
    truncateSync(path, 10 * 1024 * 1024 + 1);
    return path;
  }
});
