import { expect, it } from 'vitest';
import { toChunks } from '../documents/to-chunks.ts';
import { expandToSection } from './expand-to-section.ts';
import type { ReadSpan } from './pack-passages.ts';

const text = '# A\n\nOne of it. Two of it. Three of it. Four of it.\n\n# B\n\nOnly B here.';
const siblings = toChunks({ id: 'd', title: 'T', text }, 4);
const readSpan: ReadSpan = async ({ start, end }) => text.slice(start, end);
const widen = (place: number, tokens: number, some = siblings) =>
  expandToSection(some[place]!, { siblings: some, readSpan, tokens });

it('adds what follows and what stands before, within the section and the tokens', async () => {
  expect(siblings.map((chunk) => chunk.text)).toEqual([
    'One of it.',
    'Two of it.',
    'Three of it.',
    'Four of it.',
    'Only B here.',
  ]);
  expect((await widen(1, 6)).text).toBe('Two of it. Three of it.');
  expect((await widen(1, 9)).text).toBe('One of it. Two of it. Three of it.');
  expect((await widen(1, 1_000)).text).toBe('One of it. Two of it. Three of it. Four of it.');
  expect((await widen(4, 1_000)).text).toBe('Only B here.');
});

it('keeps the span exact', async () => {
  const wide = await widen(2, 1_000);
  expect(text.slice(wide.start, wide.end)).toBe(wide.text);
});

it('stays where it is when nothing fits, or the text is gone', async () => {
  expect(await widen(1, 3)).toEqual(siblings[1]);
  expect(await expandToSection(siblings[1]!, { siblings, readSpan: async () => null, tokens: 99 })).toEqual(
    siblings[1],
  );
  expect(await expandToSection(siblings[1]!, { siblings: [], readSpan, tokens: 99 })).toEqual(siblings[1]);
});

it('takes no flagged passage along', async () => {
  const flagged = siblings.map((chunk, place) =>
    place === 2 ? { ...chunk, flags: ['instructions' as const] } : chunk,
  );
  expect((await widen(1, 1_000, flagged)).text).toBe('One of it. Two of it.');
});
