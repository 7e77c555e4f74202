import { expect, it } from 'vitest';
import { growWindow, windowAround } from './text-window.ts';

const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('');

it('is the whole of a short text', () => {
  expect(windowAround('a\nb\n', { start: 2, end: 3 })).toEqual({ start: 0, end: 4 });
});

it('holds the passage and whole lines around it, of a text that is too long to draw', () => {
  const start = lines.indexOf('line 9000\n');
  const shown = windowAround(lines, { start, end: start + 9 });
  expect(shown.start).toBeLessThan(start);
  expect(shown.end - shown.start).toBeLessThan(60_000);
  expect(lines[shown.start - 1]).toBe('\n');
  expect(lines[shown.end - 1]).toBe('\n');
});

it('grows to either end', () => {
  let shown = windowAround(lines, { start: lines.indexOf('line 9000\n'), end: lines.indexOf('line 9001\n') });
  for (let step = 0; step < 10; step += 1) shown = growWindow(lines, growWindow(lines, shown, 'start'), 'end');
  expect(shown).toEqual({ start: 0, end: lines.length });
});

it('cuts a text that is one line, but no letter', () => {
  const text = '😀'.repeat(40_000);
  const shown = windowAround(text, { start: 40_001, end: 40_002 });
  expect(shown.end - shown.start).toBeLessThan(41_000);
  expect(text.slice(shown.start, shown.end)).toBe('😀'.repeat((shown.end - shown.start) / 2));
});

it('stays inside of a text that is shorter than it was', () => {
  expect(windowAround('short', { start: 900, end: 950 })).toEqual({ start: 0, end: 5 });
});
