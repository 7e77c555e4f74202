import { expect, it } from 'vitest';
import { isInsideFence, tidyTail } from './tidy-tail.ts';

it.each([
  ['a fence that opens', 'Text\n\n``', 'Text\n\n'],
  ['a fence whose language is being written', 'Text\n\n```pyth', 'Text\n\n'],
  ['a fence that closes', '```js\nlet a\n``', '```js\nlet a\n'],
  ['the head of a table', 'Text\n\n| a | b |\n| --', 'Text\n\n'],
  ['a list item', 'One:\n\n2.', 'One:\n\n'],
  ['an underline', 'One\n--', 'One\n'],
  ['a citation', 'Text [1', 'Text'],
  ['a link', 'See [the page](https://a.ex', 'See the page'],
  ['bold words', 'Some **bold wor', 'Some **bold wor**'],
  ['bold words that have not begun', 'Some **', 'Some '],
  ['inline code', 'Run `npm st', 'Run `npm st`'],
])('does not show the half-written marks of %s', (_name, text, expected) => {
  expect(tidyTail(text)).toBe(expected);
});

it.each([
  'Plain words.',
  'Done **bold**.',
  '| a |\n| - |\n| 1 |',
  '- item [x] done',
  '```js\nlet a = "**";\n',
  '2 * 3',
])('leaves finished text as it is: %s', (text) => {
  expect(tidyTail(text)).toBe(text);
});

it('knows an open code block from a closed one', () => {
  expect(isInsideFence('```js\nlet a')).toBe(true);
  expect(isInsideFence('```js\nlet a\n```\n')).toBe(false);
  expect(isInsideFence('~~~\n```\n')).toBe(true);
});
