import { describe, expect, it } from 'vitest';
import { estimateTokens } from '@parley/text';
import { chunkDocuments } from './chunk-documents.ts';
import { loadHtml } from './load-html.ts';
import { MarkdownSplitter } from './markdown-splitter.ts';

const source = 'https://blog.example/agents';
const textOf = async (html: string, select?: string[]) =>
  (await loadHtml(html, { source, ...(select && { select }) })).pageContent;
const sentence = 'An agent plans, remembers what it did, and uses tools to act on the world around it. ';

const page = `<!doctype html><html lang="en-GB"><head><title>Agents | A blog</title><style>p{}</style></head><body>
<nav><a href="/">Home</a> <a href="/about">About</a></nav>
<header class="post-header"><h1 class="post-title">Agents</h1><span class="date">2023</span></header>
<div class="post-content"><h2>Memory</h2><p>${sentence.repeat(4)}</p><h2>Tools</h2><p>${sentence.repeat(4)}</p></div>
<aside class="related"><p>Read more: <a href="/x">something else</a></p></aside>
<footer>© A blog</footer><script>track()</script></body></html>`;

describe('the chosen parts of a page', () => {
  it('are kept in the order of the page, each once, and nothing else', async () => {
    const text = await textOf(page, ['.post-content', '.post-title', '.post-header']);
    expect(text.startsWith('# Agents\n\n2023\n\n## Memory\n\nAn agent')).toBe(true);
    expect(text.match(/# Agents/g)).toHaveLength(1);
    for (const word of ['Home', 'Read more', '©', 'track']) expect(text).not.toContain(word);
  });

  it('must exist', async () => {
    await expect(textOf(page, ['.body'])).rejects.toMatchObject({
      code: 'document_unreadable',
      message: `${source} has nothing that .body selects.`,
    });
  });

  it.each(['p[', ':nonsense(', '..'])('must be named by a CSS selector, which %s is not', async (selector) => {
    await expect(textOf(page, [selector])).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('the main content of a page', () => {
  it('is found without being told where', async () => {
    const { pageContent, metadata } = await loadHtml(page, { source });
    expect(metadata).toEqual({ source, title: expect.stringContaining('Agents'), language: 'en' });
    expect(pageContent).toContain('## Memory\n\nAn agent plans');
    for (const word of ['Home', '©', 'track']) expect(pageContent).not.toContain(word);
  });

  it.each([
    ['a fragment', '<p>One.</p><p>Two.</p>', 'One.\n\nTwo.'],
    ['no body', '<html><title>T</title><p>One.<p>Two.', 'One.\n\nTwo.'],
    ['no html', '<body class="x"><p>One.</p>', 'One.'],
    ['plain words', 'One &amp; two', 'One & two'],
  ])('is read from %s', async (_, html, text) => {
    expect(await textOf(html)).toBe(text);
  });

  it.each(['', '<html></html>', '<body><script>x</script></body>', '<p hidden>x</p>'])(
    'is missing from %j, which is said',
    async (html) => {
      await expect(textOf(html)).rejects.toMatchObject({ code: 'document_unreadable' });
    },
  );
});

describe('what nobody sees of a page is not read', () => {
  it.each([
    '<p style="color:red; display : NONE">secret</p>',
    '<p style="visibility:hidden">secret</p>',
    '<p style="opacity:0.0">secret</p>',
    '<p style="font-size:0px">secret</p>',
    '<p hidden>secret</p>',
    '<div aria-hidden="true">secret</div>',
    '<template><p>secret</p></template>',
    '<noscript>secret</noscript>',
    '<!-- secret -->',
    '<p>s\u200Be\u{E0073}\u{E0065}</p>',
  ])('%s', async (hidden) => {
    const text = await textOf(`<main><p>Seen.</p>${hidden}</main>`, ['main']);
    expect(text).not.toMatch(/secret|[\u200B\u{E0000}-\u{E007F}]/u);
    expect(text).toContain('Seen.');
  });

  it('but what only looks so is', async () => {
    const text = await textOf('<p style="backface-visibility: hidden; opacity: 0.9">Seen.</p>', ['p']);
    expect(text).toBe('Seen.');
  });
});

describe('the form of a page', () => {
  const bodyOf = (html: string) => textOf(`<main>${html}</main>`, ['main']);

  it.each([
    ['headings', '<h1>A <em>b</em></h1><h3>C<br>d</h3><h2> </h2>', '# A b\n\n### C d'],
    [
      'paragraphs',
      '<p>One\n  line<br>and a second</p>loose<div>words</div>',
      'One line\nand a second\n\nloose\n\nwords',
    ],
    ['a list', '<ul><li>One</li><li><p>Two</p><p>more</p></li></ul>', '- One\n- Two\n  more'],
    [
      'a numbered list',
      '<ol start="3"><li>Three<ul><li>a</li></ul></li><li>Four</li></ol>',
      '3. Three\n   - a\n4. Four',
    ],
    [
      'code',
      '<pre><code class="language-ts">const a = `x`;\n\nb();\n</code></pre>',
      '```ts\nconst a = `x`;\n\nb();\n```',
    ],
    ['code with a fence in it', '<pre>```\nx\n```</pre>', '````\n```\nx\n```\n````'],
    ['words of code', '<p>Run <code>npm start</code> now</p>', 'Run `npm start` now'],
    ['a quotation', '<blockquote><p>To be</p><p>or not</p></blockquote>', '> To be\n> \n> or not'],
    ['a link around a heading', '<a href="/x"><h2>Title</h2><p>Text</p></a>', '## Title\n\nText'],
    ['a picture', '<p>See <img src="x" alt="the plan"></p>', 'See the plan'],
    ['a paragraph that looks like a heading', '<p># not one</p><p>``` nor this</p>', '\\# not one\n\n\\``` nor this'],
    ['Chinese', '<h2>记忆</h2><p>智能体会<b>规划</b>。</p>', '## 记忆\n\n智能体会规划。'],
  ])('%s', async (_, html, text) => {
    expect(await bodyOf(html)).toBe(text);
  });

  it('a table, its spans filled in', async () => {
    const html = `<table><caption>Ports</caption><thead><tr><th>name</th><th>port</th><th>note</th></tr></thead>
      <tr><td rowspan="2">server</td><td>8000</td><td>a|b</td></tr><tr><td>8001</td><td><p>x</p><p>y</p></td></tr>
      <tr><td colspan="2">all</td></tr></table>`;
    expect(await bodyOf(html)).toBe(
      [
        'Ports\n\n| name | port | note |\n| --- | --- | --- |\n| server | 8000 | a\\|b |',
        '| server | 8001 | x y |\n| all |  |  |',
      ].join('\n'),
    );
  });

  it('a table that only lays out a page becomes what is in it', async () => {
    expect(await bodyOf('<table><tr><td><h2>A</h2><p>b</p></td></tr></table>')).toBe('## A\n\nb');
  });
});

it('passages of a page keep its headings, and stand where they say', async () => {
  const document = await loadHtml(page, { source, select: ['.post-content'] });
  const chunks = await chunkDocuments([document], new MarkdownSplitter());
  expect(chunks.map(({ headingPath }) => headingPath)).toEqual([['Memory'], ['Tools']]);
  for (const { start, end, text } of chunks) expect(document.pageContent.slice(start, end)).toBe(text);
});

it.each([
  ['100,000 elements inside each other', `${'<div>'.repeat(100_000)}x`],
  ['10,000 inline ones', `<p>${'<b>'.repeat(10_000)}x`],
  ['10,000 lists', `${'<ul><li>'.repeat(10_000)}x`],
  ['a table of spans', `<table>${'<tr><td rowspan=9999 colspan=9999>x<td>y'.repeat(3_000)}</table>`],
  ['100,000 paragraphs', '<p>Word after word, with a comma.'.repeat(100_000)],
  ['backticks', `<pre>${'`x '.repeat(300_000)}</pre>`],
])('reads a page of %s in under five seconds', async (_, html) => {
  const begun = performance.now();
  expect(estimateTokens(await textOf(`<body>${html}</body>`))).toBeGreaterThan(0);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
