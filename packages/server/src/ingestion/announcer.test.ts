import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DocumentChanges } from '../knowledge/document-changes.ts';
import { Announcer } from './announcer.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('tells the first change at once, then four a second, and always the last', () => {
  const changes = new DocumentChanges();
  const told: string[] = [];
  changes.follow('base', (id) => told.push(id));
  const announcer = new Announcer(changes);
  announcer.announce('base', 'a');
  expect(told).toEqual(['a']);
  for (let time = 0; time < 1_000; time += 10) {
    vi.advanceTimersByTime(10);
    announcer.announce('base', 'a');
  }
  expect(told.length).toBeLessThanOrEqual(5);
  const before = told.length;
  vi.advanceTimersByTime(1_000);
  expect(told.length).toBe(before + 1);
  announcer.announce('base', 'b');
  expect(told.at(-1)).toBe('b');
  announcer.close();
});
