import { expect, it } from 'vitest';
import { findQuote } from './find-quote.ts';

/** The marked words of each item. */
const marked = (items: string[], quote: string) =>
  findQuote(items, quote).runs.map(({ item, start, end }) => items[item]?.slice(start, end));

it('finds a quote that begins and ends inside of lines', () => {
  const items = ['Rules. Meals are paid for up to', 'forty euros a day. Taxis are not.'];
  const { runs, isWhole } = findQuote(items, 'Meals are paid for up to forty euros a day.');
  expect(isWhole).toBe(true);
  expect(runs).toEqual([
    { item: 0, start: 7, end: 31 },
    { item: 1, start: 0, end: 17 },
  ]);
});

it('does not mind spaces, hyphens at the ends of lines, and letters drawn as one', () => {
  expect(marked(['The  equip-', 'ment  is e\u{FB03}cient.'], 'equipment is efficient')).toEqual([
    'equip',
    'ment  is e\u{FB03}cient',
  ]);
  expect(marked(['soft\u00AD', 'ware'], 'software')).toEqual(['soft', 'ware']);
});

it('does not mind the marks of headings and tables in the kept text', () => {
  expect(
    marked(['Costs', 'Meal', '40', 'Taxi', '60'], '## Costs\n\n| Meal | 40 |\n| --- | --- |\n| Taxi | 60 |'),
  ).toEqual(['Costs', 'Meal', '40', 'Taxi', '60']);
});

it('finds Chinese, whose letters may be drawn one by one', () => {
  expect(marked([...'出差之前请先填写申请表。'], '请先填写申请表')).toEqual([...'请先填写申请表']);
});

it('marks what is on this page of a passage that goes on over the next', () => {
  const page = ['A heading of the page', 'Fines are never paid for, whatever', 'their reason may be, and'];
  const quote = 'Fines are never paid for, whatever their reason may be, and neither are bars.';
  expect(findQuote(page, quote).isWhole).toBe(false);
  expect(marked(page, quote)).toEqual(['Fines are never paid for, whatever', 'their reason may be, and']);
});

it('marks both parts of a passage that another column cuts in two', () => {
  const page = ['Fines are never paid for, whatever', 'OTHER COLUMN', 'their reason may be on that day'];
  const quote = 'Fines are never paid for, whatever their reason may be on that day';
  expect(marked(page, quote)).toEqual(['Fines are never paid for, whatever', 'their reason may be on that day']);
});

it('leaves a phrase that stands elsewhere by accident', () => {
  const far = Array.from({ length: 20 }, (_, index) => `A line of its own, number ${index * 7919}.`);
  const page = ['in accordance with them', ...far, 'Fines are never paid for in accordance with the'];
  const quote = 'Fines are never paid for in accordance with the rules of 2025.';
  expect(marked(page, quote)).toEqual(['Fines are never paid for in accordance with the']);
});

it('finds nothing where nothing is', () => {
  expect(findQuote(['Another text altogether.'], 'Meals are paid for up to forty euros.').runs).toEqual([]);
  expect(findQuote([], 'Meals').runs).toEqual([]);
  expect(findQuote(['Meals'], ' - ').runs).toEqual([]);
});
