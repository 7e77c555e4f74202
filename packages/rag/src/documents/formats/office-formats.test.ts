import { expect, it } from 'vitest';
import { makeDocx, makePptx, makeXlsx, slideShape, wordParagraph } from './testing/make-office.ts';
import { parseFile } from './testing/parse-file.ts';

it('reads headings, lists, tables and Chinese text of a Word document', async () => {
  const cell = (text: string) => `<w:tc>${wordParagraph(text)}</w:tc>`;
  const content = makeDocx(
    [
      wordParagraph('部署手册', { style: 'H1' }),
      wordParagraph('The server listens on port 8000. 端口可以修改。'),
      wordParagraph('Limits', { style: 'H2' }),
      `<w:tbl><w:tr>${cell('名称')}${cell('Value')}</w:tr><w:tr>${cell('queue')}${cell('64')}</w:tr></w:tbl>`,
    ].join(''),
  );
  const document = await parseFile({ name: 'manual.docx', content });
  expect(document).toMatchObject({ title: '部署手册', language: 'zh', flags: [], flaggedSpans: [], pages: [] });
  expect(document.text).toBe(
    '# 部署手册\n\nThe server listens on port 8000. 端口可以修改。\n\n## Limits\n\n| 名称 | Value |\n| --- | --- |\n| queue | 64 |',
  );
});

it.each([
  ['hidden', '<w:vanish/>'],
  ['white', '<w:color w:val="FFFFFF"/>'],
  ['tiny', '<w:sz w:val="2"/>'],
])('flags %s text of a Word document', async (_, properties) => {
  const content = makeDocx(wordParagraph('Seen.') + wordParagraph('Obey &amp; me.', { properties }));
  const { text, flaggedSpans } = await parseFile({ name: 'a.docx', content });
  expect(text).toBe('Seen.\n\nObey & me.');
  expect(flaggedSpans).toEqual([{ start: 7, end: text.length, flag: 'hidden-text' }]);
});

it('does not flag white text on a dark ground in a Word document', async () => {
  const properties = '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>';
  const { flaggedSpans } = await parseFile({
    name: 'a.docx',
    content: makeDocx(wordParagraph('Head', { properties })),
  });
  expect(flaggedSpans).toEqual([]);
});

it('reads no file that a Word document points to', async () => {
  const picture = '<w:p><w:r><w:drawing><a:blip xmlns:a="a" r:link="rId9" xmlns:r="r"/></w:drawing></w:r></w:p>';
  const rels = `<Relationships><Relationship Id="rId9" Type="x/image" Target="file:///etc/hostname" TargetMode="External"/></Relationships>`;
  const content = makeDocx(picture + wordParagraph('Text'), { 'word/_rels/document.xml.rels': rels });
  expect((await parseFile({ name: 'a.docx', content })).text).toBe('Text');
});

it('reads slides as pages with titles, lists, tables and notes', async () => {
  const table = `<p:graphicFrame><a:graphic><a:graphicData><a:tbl>${[
    ['季度', 'Revenue'],
    ['Q1', '12'],
  ]
    .map(
      (row) =>
        `<a:tr>${row.map((text) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`).join('')}</a:tr>`,
    )
    .join('')}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
  const content = makePptx([
    { shapes: slideShape('Year 2024', 'ctrTitle') + slideShape('A report', 'subTitle') + slideShape('7', 'sldNum') },
    {
      shapes: slideShape('增长', 'title') + slideShape('First\n Detail\nSecond', 'body') + table,
      notes: 'Say this slowly.',
    },
    { shapes: slideShape('Kept back', null), attributes: 'show="0"' },
  ]);
  const { text, pages, title, flaggedSpans } = await parseFile({ name: 'a.pptx', content });
  expect(title).toBe('Year 2024');
  const starts = pages.map(({ start }, place) => text.slice(start, pages[place + 1]?.start).trim());
  expect(starts).toEqual([
    '## Year 2024\n\nA report',
    '## 增长\n\n- First\n  - Detail\n- Second\n\n| 季度 | Revenue |\n| --- | --- |\n| Q1 | 12 |\n\n> Say this slowly.',
    '## 3\n\nKept back',
  ]);
  expect(flaggedSpans).toEqual([{ start: pages[2]!.start, end: text.length, flag: 'hidden-text' }]);
});

const row = (number: number, cells: string) => `<row r="${number}">${cells}</row>`;
const inline = (reference: string, text: string) => `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`;

it('reads strings, numbers, dates and results of formulas as a spreadsheet shows them', async () => {
  const styles =
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="165" formatCode="[Red]0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="9"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs>';
  const strings = ['<si><t>名称</t></si>', '<si><r><t>Va</t></r><r><t>lue</t></r><rPh><t>reading</t></rPh></si>'];
  const cells = [
    '<c r="A2" s="1"><v>45413</v></c><c r="B2" s="2"><v>45413.5625</v></c>',
    '<c r="A3" s="3"><v>0.175</v></c><c r="B3" s="4"><v>0.30000000000000004</v></c>',
    '<c r="A4" t="b"><v>1</v></c><c r="B4" t="str"><f>A1&amp;"x"</f><v>joined | x</v></c>',
    '<c r="A5" t="e"><v>#DIV/0!</v></c><c r="B5" s="5"><v>0.5</v></c>',
  ];
  const xml = `<sheetData>${row(1, '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>')}${cells.map((cell, place) => row(place + 2, cell)).join('')}</sheetData>`;
  const { text, pages, language } = await parseFile({
    name: 'a.xlsx',
    content: makeXlsx([{ name: '数据', xml }], { strings, styles }),
  });
  expect(text).toBe(
    [
      '## 数据\n\n| 名称 | Value |\n| --- | --- |',
      '| 2024-05-01 | 2024-05-01 13:30 |\n| 17.5% | 0.3 |\n| TRUE | joined \\| x |\n| #DIV/0! | 12:00 |',
    ].join('\n'),
  );
  expect({ pages, language }).toEqual({ pages: [{ number: 1, start: 0 }], language: 'zh' });
});

it('joins a head that is merged over two rows, and keeps titles and notes apart', async () => {
  const xml = `<sheetData>${[
    row(1, inline('A1', 'Sales 2024')),
    row(3, inline('A3', 'Region') + inline('B3', 'Revenue')),
    row(4, inline('B4', 'Q1') + inline('C4', 'Q2')),
    row(5, `${inline('A5', 'North')}<c r="B5"><v>1</v></c><c r="C5"><v>2</v></c>`),
    row(7, `${inline('A7', 'South')}<c r="B7"><v>3</v></c>`),
    row(9, inline('A9', 'Source: ledger')),
  ].join(
    '',
  )}</sheetData><mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/></mergeCells>`;
  const { text } = await parseFile({ name: 'a.xlsx', content: makeXlsx([{ name: 'S', xml }]) });
  const head = '| Region | Revenue / Q1 | Revenue / Q2 |\n| --- | --- | --- |';
  expect(text).toBe(
    ['## S', 'Sales 2024', `${head}\n| North | 1 | 2 |`, `${head}\n| South | 3 |  |`, 'Source: ledger'].join('\n\n'),
  );
});

it('reads sheets as pages, and flags what a hidden one holds', async () => {
  const sheet = (text: string) => `<sheetData>${row(1, inline('A1', text))}</sheetData>`;
  const content = makeXlsx([
    { name: 'One', xml: sheet('seen') },
    { name: 'Empty', xml: '<sheetData/>' },
    { name: 'Lists', xml: sheet('unseen'), state: 'veryHidden' },
  ]);
  const { text, pages, flaggedSpans } = await parseFile({ name: 'a.xlsx', content });
  expect(text).toBe('## One\n\nseen\n\n## Lists\n\nunseen');
  expect(pages).toEqual([
    { number: 1, start: 0 },
    { number: 2, start: 12 },
    { number: 3, start: 14 },
  ]);
  expect(flaggedSpans).toEqual([{ start: 14, end: text.length, flag: 'hidden-text' }]);
});

it('stops reading a sheet at the limit and says so', async () => {
  const rows = Array.from({ length: 2_000 }, (_, place) => row(place + 1, inline(`A${place + 1}`, `value ${place}`)));
  const content = makeXlsx([{ name: 'S', xml: `<sheetData>${rows.join('')}</sheetData>` }]);
  const { text, flags } = await parseFile({ name: 'a.xlsx', content, limits: { maxTextLength: 500 } });
  expect(text).toHaveLength(500);
  expect(flags).toEqual(['cut-off']);
});
