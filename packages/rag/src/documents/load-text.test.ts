import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';
import { loadText } from './load-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
/** 你好 in GBK. */
const GBK_HELLO = [0xc4, 0xe3, 0xba, 0xc3];

describe('loadText', () => {
  it('keeps the text as it stands and takes its first heading for its title', async () => {
    const text = '# 设置 \r\n\r\n端口可以修改。\r\n';
    expect(await loadText(text, { source: 'a/设置.md' })).toMatchObject({
      id: 'a/设置.md',
      pageContent: text,
      metadata: { source: 'a/设置.md', title: '设置', language: 'zh' },
    });
  });

  it('calls a text without headings by its file', async () => {
    const { metadata } = await loadText('Just words.', { source: '/home/me/notes.txt' });
    expect(metadata).toMatchObject({ title: 'notes.txt', language: 'en' });
  });
});

describe('decodeText', () => {
  it.each([
    ['UTF-8', bytes('你好'), {}],
    ['UTF-8 with its mark', bytes('\uFEFF你好'), {}],
    ['UTF-16 with its mark', Uint8Array.from([0xff, 0xfe, 0x60, 0x4f, 0x7d, 0x59]), {}],
    ['what the server names', Uint8Array.from(GBK_HELLO), { charset: 'gb2312' }],
    ['UTF-8 where the server names nonsense', bytes('你好'), { charset: 'latin-99' }],
  ])('reads %s', (_, input, options) => {
    expect(decodeText(input, options)).toBe('你好');
  });

  it.each(['<meta charset="gbk">', '<META http-equiv=content-type content="text/html; charset=GB18030">'])(
    'reads what the page names: %s',
    (meta) => {
      const page = Uint8Array.from([...bytes(meta), ...GBK_HELLO]);
      expect(decodeText(page, { isHtml: true })).toBe(`${meta}你好`);
    },
  );

  it.each([
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13])],
    ['another encoding', Uint8Array.from(GBK_HELLO)],
  ])('refuses %s instead of making words of it', (_, input) => {
    expect(() => decodeText(input)).toThrow(expect.objectContaining({ code: 'document_unreadable' }));
  });
});
