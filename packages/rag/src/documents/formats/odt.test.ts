import { expect, it } from 'vitest';
import { makeZip } from './testing/make-zip.ts';
import { parseFile } from './testing/parse-file.ts';

const NAMESPACES = ['office', 'text', 'table'].map((name) => `xmlns:${name}="urn:${name}"`).join(' ');

function makeOdt(body: string, manifest = '<manifest/>'): Uint8Array {
  return makeZip({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'META-INF/manifest.xml': manifest,
    'content.xml': `<?xml version="1.0"?><office:document-content ${NAMESPACES}><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
  });
}

it('reads headings, paragraphs, lists and tables of an OpenDocument text', async () => {
  const cell = (text: string) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`;
  const row = (...cells: string[]) => `<table:table-row>${cells.join('')}</table:table-row>`;
  const content = makeOdt(
    [
      '<text:tracked-changes><text:p>former</text:p></text:tracked-changes>',
      '<text:h text:outline-level="1">安装</text:h>',
      '<text:p>First<text:s/>line<text:line-break/>second <text:span>bold</text:span></text:p>',
      '<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list></text:list-item></text:list>',
      `<table:table><table:table-header-rows>${row(cell('名称'), cell('Value'))}</table:table-header-rows>${row(cell('a'), cell('1'), '<table:table-cell table:number-columns-repeated="16000"/>')}</table:table>`,
    ].join(''),
  );
  const { text, title } = await parseFile({ name: 'a.odt', content });
  expect(title).toBe('安装');
  expect(text).toBe(
    ['# 安装', 'First line\nsecond bold', '- one\n  - inner', '| 名称 | Value |\n| --- | --- |\n| a | 1 |'].join(
      '\n\n',
    ),
  );
});

it('refuses one with a password', async () => {
  const manifest = '<manifest><file-entry><encryption-data/></file-entry></manifest>';
  await expect(parseFile({ name: 'a.odt', content: makeOdt('', manifest) })).rejects.toMatchObject({
    code: 'document_encrypted',
  });
});
