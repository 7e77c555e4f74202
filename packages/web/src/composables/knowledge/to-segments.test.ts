import { expect, it } from 'vitest';
import type { ChunkView } from '@parley/contracts';
import { cutAtMark } from './cut-at-mark.ts';
import { findWords, toSegments } from './to-segments.ts';

const chunk = (ordinal: number, [start, end]: [number, number], path: string[] = []): ChunkView => ({
  id: `c${ordinal}`,
  ordinal,
  page: null,
  heading_path: path,
  start,
  end,
  flags: [],
  is_enabled: true,
});
const TEXT = 'Leave\n\nThirty days. Ask early.\n\nSick\n\nTell us.';
const textOf = (segments: { start: number; end: number }[]) => segments.map(({ start, end }) => TEXT.slice(start, end));

it('shows every word once and in order, whether it belongs to a passage or not', () => {
  const segments = toSegments({ text: TEXT, pages: [] }, [chunk(0, [7, 30]), chunk(1, [38, TEXT.length])]);
  expect(textOf(segments)).toEqual(['Leave', 'Thirty days. Ask early.', 'Sick', 'Tell us.']);
  expect(segments.map((segment) => segment.chunk?.id ?? null)).toEqual([null, 'c0', null, 'c1']);
});

it('shows what two passages share in the first, and says how much the second repeats', () => {
  const segments = toSegments({ text: TEXT, pages: [] }, [chunk(0, [0, 19]), chunk(1, [7, 30])]);
  expect(textOf(segments).slice(0, 2)).toEqual(['Leave\n\nThirty days.', ' Ask early.']);
  expect(segments[1]?.repeated).toBe(12);
});

it('names the headings and the page where they change', () => {
  const pages = [
    { number: 1, start: 0 },
    { number: 2, start: 32 },
  ];
  const segments = toSegments({ text: TEXT, pages }, [
    chunk(0, [0, 19], ['Leave']),
    chunk(1, [20, 30], ['Leave']),
    chunk(2, [32, TEXT.length], ['Sick']),
  ]);
  expect(segments.map(({ headings }) => headings)).toEqual([['Leave'], null, ['Sick']]);
  expect(segments.map(({ page }) => page)).toEqual([1, null, 2]);
});

it('does not name a heading again that stands right above its passage', () => {
  const segments = toSegments({ text: TEXT, pages: [] }, [chunk(0, [7, 30], ['Leave'])]);
  expect(segments.map(({ headings }) => headings)).toEqual([null, null, null]);
});

it('shows the last of the pages that begin between two passages, and goes on after empty ones', () => {
  const pages = [0, 1, 33].map((start, index) => ({ number: index + 1, start }));
  const segments = toSegments({ text: TEXT, pages }, [chunk(0, [7, 30]), chunk(1, [38, TEXT.length])]);
  expect(segments.map(({ page }) => page)).toEqual([2, null, 3, null]);
});

it('cuts a version without passages into parts at the ends of lines', () => {
  const text = 'One line of words.\n'.repeat(1000);
  const segments = toSegments({ text, pages: [] }, []);
  expect(segments.length).toBeGreaterThan(3);
  expect(segments.map(({ start, end }) => `${text.slice(start, end)}\n`).join('')).toBe(text);
});

it('cuts a line that has no end as well', () => {
  const segments = toSegments({ text: 'x'.repeat(50_000), pages: [] }, []);
  expect(Math.max(...segments.map(({ start, end }) => end - start))).toBeLessThan(10_000);
});

it('finds words in any case, in Chinese as well, and no more than asked', () => {
  expect(findWords(TEXT, ' THIRTY ', 10)).toEqual([{ start: 7, end: 13 }]);
  expect(findWords('请假要提前请假', '请假', 10)).toHaveLength(2);
  expect(findWords('aaaa', 'a', 3)).toHaveLength(3);
  expect(findWords(TEXT, '  ', 10)).toEqual([]);
});

it('marks the part of a place that lies in a segment', () => {
  expect(cutAtMark('Thirty days.', 7, { start: 0, end: 13 })).toEqual([
    { text: 'Thirty', isMarked: true },
    { text: ' days.', isMarked: false },
  ]);
  expect(cutAtMark('Tell us.', 38, { start: 0, end: 13 })).toEqual([{ text: 'Tell us.', isMarked: false }]);
});
