import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { formatFor, isArchive } from './index.ts';
import { makeDocx, makePptx, makeXlsx, slideShape, wordParagraph } from './testing/make-office.ts';
import { makeZip } from './testing/make-zip.ts';
import { parseFile } from './testing/parse-file.ts';

const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const ole = (text: string) => Uint8Array.from([...OLE, ...new Uint8Array(1000), ...Buffer.from(text, 'utf16le')]);
const goodDocx = makeDocx(wordParagraph('Words.'));
const sheet = (xml: string) => makeXlsx([{ name: 'S', xml }]);

it.each([
  ['an empty text', 'a.txt', '', 'document_empty'],
  ['an empty document', 'a.docx', '', 'document_empty'],
  ['blanks only', 'a.md', ' \n\t\n', 'document_empty'],
  ['a table without cells', 'a.csv', '\n\n', 'document_empty'],
  ['a page without text', 'a.html', '<html><body><img src="x.png"></body></html>', 'document_empty'],
  ['a presentation without slides', 'a.pptx', makePptx([]), 'document_empty'],
  ['a sheet without cells', 'a.xlsx', sheet('<sheetData/>'), 'document_empty'],
  ['Office with a password', 'a.docx', ole('EncryptedPackage'), 'document_encrypted'],
  ['a document of old Office', 'a.doc', ole('WordDocument'), 'document_type_unknown'],
  ['RTF', 'a.rtf', '{\\rtf1 Text}', 'document_type_unknown'],
  ['a broken-off Word document', 'a.docx', goodDocx.subarray(0, goodDocx.length - 30), 'document_unreadable'],
  ['text that is called a workbook', 'a.xlsx', Uint8Array.from([1, 2, 0, 3]), 'document_unreadable'],
  ['another zip that is called a book', 'a.epub', makeZip({ 'a.txt': 'x' }), 'document_unreadable'],
  ['JSON that breaks off', 'a.json', '{"a": [1, 2', 'document_unreadable'],
  ['XML that is not well-formed', 'a.xlsx', sheet('<sheetData><row r="1"><c></row>'), 'document_unreadable'],
])('says what is wrong with %s', async (_, name, content, code) => {
  await expect(parseFile({ name, content })).rejects.toMatchObject({ code });
});

it.each([
  ['a Word document that is called a text', 'a.txt', goodDocx, 'Word'],
  ['a page that is called a PDF', 'a.pdf', '<!DOCTYPE html><p>x</p>', 'HTML'],
  ['a page without a name', 'download', '<html><body>x', 'HTML'],
  ['a PDF that is called a picture', 'a.png', '%PDF-1.7 …', 'PDF'],
  ['a text without a name', 'README', 'Words.', 'text'],
  ['a script that holds HTML', 'a.php', '<html><?php echo 1; ?></html>', 'source code'],
])('knows %s by its content', (_, name, content, format) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  expect(formatFor({ name, mediaType: null, bytes })?.name).toBe(format);
});

it('believes the media type more than the name', () => {
  const bytes = new TextEncoder().encode('a,b\n1,2');
  expect(formatFor({ name: 'https://example.com/export.php', mediaType: 'text/csv; charset=utf-8', bytes })?.name).toBe(
    'CSV',
  );
});

it('knows no format for pictures, programs and archives, and tells archives', () => {
  const zip = makeZip({ 'a.txt': 'x' });
  const files: [string, Uint8Array, boolean][] = [
    ['a.png', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), false],
    ['a.txt', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), false],
    ['a.bin', Uint8Array.from([0, 1, 2, 3]), false],
    ['a.7z', Uint8Array.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), false],
    ['a.zip', zip, true],
    ['a', zip.subarray(0, 20), true],
  ];
  for (const [name, bytes, isOne] of files) {
    expect({ name, format: formatFor({ name, mediaType: null, bytes }) }).toEqual({ name, format: null });
    expect(isArchive({ name, mediaType: null, bytes })).toBe(isOne);
  }
  expect(isArchive({ name: 'a.zip', mediaType: 'application/zip', bytes: goodDocx })).toBe(false);
});

const LAUGHS = `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "${'&lol;'.repeat(100)}">]>`;
const DEEP = '<a:grpSp>'.repeat(5_000);
const SPACES = ' '.repeat(30 * 1024 * 1024);

it.each([
  ['entities in a workbook', 'a.xlsx', { 'xl/workbook.xml': `<?xml version="1.0"?>${LAUGHS}<x>&lol2;</x>` }],
  ['entities in a Word document', 'a.docx', { 'word/document.xml': `${LAUGHS}<w:document>&lol2;</w:document>` }],
  ['entities in a presentation', 'a.pptx', { 'ppt/presentation.xml': `${LAUGHS}<x/>` }],
  ['elements in elements without end', 'a.pptx', { 'ppt/slides/slide1.xml': `<p:sld>${DEEP}` }],
  [
    'elements in elements of a Word document',
    'a.docx',
    { 'word/document.xml': `<w:document>${'<w:p>'.repeat(5_000)}` },
  ],
  [
    'attributes without end',
    'a.xlsx',
    { 'xl/workbook.xml': `<x ${Array.from({ length: 2_000 }, (_, at) => `a${at}="1"`).join(' ')}/>` },
  ],
  ['a part that grows without end', 'a.docx', { 'word/document.xml': `<w:document>${SPACES}</w:document>` }],
])('takes %s for a bomb', async (_, name, parts) => {
  const base: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': '<workbook/>',
    'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId r:id="s"/></p:sldIdLst></p:presentation>',
    'ppt/_rels/presentation.xml.rels':
      '<Relationships><Relationship Id="s" Type="x/slide" Target="slides/slide1.xml"/></Relationships>',
  };
  const kept = Object.entries(base).filter(
    ([part]) => part.startsWith('[') || Object.keys(parts)[0]!.startsWith(part.slice(0, 3)),
  );
  const content = makeZip({ ...Object.fromEntries(kept), ...parts });
  await expect(parseFile({ name, content })).rejects.toMatchObject({ code: 'document_bomb' });
});

it('counts what comes out of all parts together, whatever their headers claim', async () => {
  const content = makePptx(
    Array.from({ length: 40 }, (_, at) => ({ shapes: slideShape(`${at} ${'words '.repeat(20_000)}`, null) })),
  );
  const limits = { maxUnpackedBytes: 1024 * 1024 };
  await expect(parseFile({ name: 'a.pptx', content, limits })).rejects.toMatchObject({ code: 'document_bomb' });
  await expect(parseFile({ name: 'a.pptx', content, limits: { maxEntries: 20 } })).rejects.toMatchObject({
    code: 'document_bomb',
  });
});

it('is not misled by a part whose packed bytes are damaged', async () => {
  const content = Uint8Array.from(makeXlsx([{ name: 'S', xml: '<sheetData/>'.padEnd(5_000, ' ') }]));
  const packed = Buffer.from(content.buffer).indexOf(deflateRawSync('<?xml').subarray(0, 2), 200);
  content.fill(0xff, packed + 20, packed + 60);
  await expect(parseFile({ name: 'a.xlsx', content })).rejects.toMatchObject({ code: 'document_unreadable' });
});

it('ends a table that grows wider and longer than its file', async () => {
  const content = `${','.repeat(1_500)}\n${'x\n'.repeat(200_000)}`;
  const { text, flags } = await parseFile({ name: 'a.csv', content, limits: { maxTextLength: 1_000_000 } });
  expect(text).toHaveLength(1_000_000);
  expect(flags).toEqual(['cut-off']);
});

it.each(['a.txt', 'a.md', 'a.py', 'a.csv'])('says of %s that it was cut off', async (name) => {
  const { text, flags } = await parseFile({
    name,
    content: '字, word\n'.repeat(1_000),
    limits: { maxTextLength: 100 },
  });
  expect(text.length).toBeLessThanOrEqual(100);
  expect(flags).toEqual(['cut-off']);
});

it('does not take a zip inside for an archive that is broken off', async () => {
  const inner = makeZip({ 'inner.txt': 'x'.repeat(100) });
  const whole = makeZip({ 'a.bin': inner, 'b.txt': 'words' });
  await expect(parseFile({ name: 'a.docx', content: whole.subarray(0, whole.length - 10) })).rejects.toMatchObject({
    code: 'document_unreadable',
  });
});
