import { expect, it } from 'vitest';
import { parseFile } from './testing/parse-file.ts';

const filler =
  '<p>The scheduler gives each request to the worker with the shortest queue. 每个请求都会进入队列，等待最空闲的工作进程处理。</p>'.repeat(
    8,
  );

async function flagged(html: string) {
  const { text, flaggedSpans } = await parseFile({ name: 'a.html', content: html, select: ['*'] });
  return { text, hidden: flaggedSpans.map(({ start, end }) => text.slice(start, end)) };
}

it('keeps the main content of a page, and tells its title and language', async () => {
  const html = `<html lang="en-GB"><head><title>Queues</title></head><body><nav>Home</nav><article><h1>Queues</h1>${filler}</article><footer>Imprint</footer></body></html>`;
  const page = await parseFile({ name: 'https://example.com/queues', mediaType: 'text/html', content: html });
  expect(page).toMatchObject({ title: 'Queues', mediaType: 'text/html', pages: [], flaggedSpans: [] });
  expect(page.text).toContain('The scheduler gives each request');
  expect(page.text).not.toContain('Home');
});

it('keeps the parts that selectors name, and says when there are none', async () => {
  const content = `<body><h1 class="post-title">标题</h1><p>Other</p><div class="post-content"><p>内容在这里。</p></div></body>`;
  const page = await parseFile({ name: 'a.html', content, select: ['.post-title', '.post-content'] });
  expect(page.text).toBe('# 标题\n\n内容在这里。');
  await expect(parseFile({ name: 'a.html', content, select: ['.none'] })).rejects.toMatchObject({
    code: 'document_empty',
    message: 'a.html has nothing that .none selects.',
  });
});

it.each([
  ['white on nothing', '<p style="color: #FFFFFF">X</p>'],
  ['white by an old element', '<p><font color="white">X</font></p>'],
  ['tiny', '<p style="margin:0;font-size:1px">X</p>'],
  ['outside of the page', '<p style="position:absolute;left:-9999px">X</p>'],
  ['clipped away', '<p style="clip: rect(0, 0, 0, 0)">X</p>'],
  ['see-through', '<p style="color: rgba(0,0,0,0)">X</p>'],
  ['made away with by a style sheet', '<style>/* x */ .a, p.gone { display : none }</style><p class="gone">X</p>'],
  ['white by a style sheet', '<style>.w{color:white}</style><p class="w">X</p>'],
])('flags text that is %s', async (_, html) => {
  expect(await flagged(`<body><p>Seen</p>${html}</body>`)).toEqual({ text: 'Seen\n\nX', hidden: ['X'] });
});

it.each([
  ['white on a ground', '<p style="background:#000;color:#fff">X</p>'],
  ['white inside a ground', '<div style="background-color: navy"><p style="color:white">X</p></div>'],
  ['small print', '<p style="font-size:10px">X</p>'],
  ['half see-through', '<p style="opacity:0.5">X</p>'],
  ['hidden on paper only', '<style>@media print { p { display: none } }</style><p>X</p>'],
])('does not flag text that is %s', async (_, html) => {
  expect((await flagged(`<body>${html}</body>`)).hidden).toEqual([]);
});

it('flags hidden text in lists, tables and nested parts without tearing them', async () => {
  const html =
    '<body><ul style="font-size:0.1px"><li>a</li><li><b>b</b> c</li></ul><table style="color:white"><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table></body>';
  expect(await flagged(html)).toEqual({
    text: '- a\n- b c\n\n| 1 | 2 |\n| --- | --- |\n| 3 | 4 |',
    hidden: expect.arrayContaining(['a']),
  });
});

it('does not let hidden text end its own mark', async () => {
  const { hidden } = await flagged('<body><p>Seen</p><p style="font-size:0.5px">a&#xFDD1;b <i>c</i></p></body>');
  expect(hidden).toEqual(['ab c']);
});

it('reads a page in the alphabet that it names itself', async () => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('<meta charset="gbk"><p>'), 0xc4, 0xe3, 0xba, 0xc3]);
  expect((await parseFile({ name: 'a.html', content: bytes })).text).toBe('你好');
});

it('reads thousands of elements that a style sheet hides in little time', async () => {
  const rows = '<p class="x">word</p>'.repeat(20_000);
  const { hidden } = await flagged(`<body><style>${'.x{display:none}'.repeat(10)}</style>${rows}</body>`);
  expect(hidden).toHaveLength(1);
}, 15_000);
