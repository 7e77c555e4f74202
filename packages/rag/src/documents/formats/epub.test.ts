import { expect, it } from 'vitest';
import { makeZip } from './testing/make-zip.ts';
import { parseFile } from './testing/parse-file.ts';

const CONTAINER = `<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`;

const chapter = (body: string) =>
  `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${body}</body></html>`;

function opf(items: string, spine: string): string {
  return `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>红楼梦</dc:title><dc:language>zh-CN</dc:language></metadata><manifest>${items}</manifest><spine toc="ncx">${spine}</spine></package>`;
}

const item = (id: string, href: string, more = 'media-type="application/xhtml+xml"') =>
  `<item id="${id}" href="${href}" ${more}/>`;

function makeBook(others: Record<string, string> = {}): Uint8Array {
  return makeZip({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': CONTAINER,
    'OEBPS/book.opf': opf(
      item('b', 'text/two%20b.xhtml') +
        item('a', 'text/one.xhtml') +
        item('n', 'nav.xhtml', 'media-type="application/xhtml+xml" properties="nav"'),
      '<itemref idref="n"/><itemref idref="a"/><itemref idref="b"/>',
    ),
    'OEBPS/nav.xhtml': chapter(
      '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><ol><li><a href="text/one.xhtml#x">第一回</a></li><li><a href="text/two%20b.xhtml">Chapter two</a></li></ol></nav>',
    ),
    'OEBPS/text/one.xhtml': chapter('<p>第一回</p><p>此开卷第一回也。</p><script/><p>Text goes on.</p>'),
    'OEBPS/text/two b.xhtml': chapter('<h1>Two</h1><p>More text.</p>'),
    ...others,
  });
}

it('reads chapters as pages in the order of the spine, called as the contents call them', async () => {
  const { text, title, language, pages, mediaType } = await parseFile({ name: 'a.epub', content: makeBook() });
  expect({ title, language, mediaType }).toEqual({
    title: '红楼梦',
    language: 'zh',
    mediaType: 'application/epub+zip',
  });
  expect(text).toBe('# 第一回\n\n此开卷第一回也。\n\nText goes on.\n\n# Two\n\nMore text.');
  expect(pages.map(({ start }) => text.slice(start, start + 5))).toEqual(['# 第一回', '# Two']);
});

it('reads the contents of an EPUB 2 book', async () => {
  const content = makeBook({
    'OEBPS/book.opf': opf(
      item('a', 'text/one.xhtml') + item('ncx', 'toc.ncx', 'media-type="application/x-dtbncx+xml"'),
      '<itemref idref="a"/>',
    ),
    'OEBPS/toc.ncx':
      '<ncx><navMap><navPoint><navLabel><text>卷首</text></navLabel><content src="text/one.xhtml"/></navPoint></navMap></ncx>',
  });
  expect((await parseFile({ name: 'a.epub', content })).text).toMatch(/^# 卷首\n\n第一回/);
});

it('refuses a book whose chapters are encrypted, not one whose fonts are', async () => {
  const encryption = (uri: string) =>
    `<encryption><EncryptedData><CipherData><CipherReference URI="${uri}"/></CipherData></EncryptedData></encryption>`;
  const protectedBook = makeBook({ 'META-INF/encryption.xml': encryption('OEBPS/text/one.xhtml') });
  await expect(parseFile({ name: 'a.epub', content: protectedBook })).rejects.toMatchObject({
    code: 'document_encrypted',
  });
  const withFont = makeBook({ 'META-INF/encryption.xml': encryption('OEBPS/fonts/a.otf') });
  expect((await parseFile({ name: 'a.epub', content: withFont })).title).toBe('红楼梦');
});
