import { expect, it } from 'vitest';
import { MemoryCache } from './memory-cache.ts';

const load = (bytes: number) => () => ({ bytes });

it('lets go of what was used longest ago', () => {
  const cache = new MemoryCache<{ bytes: number }>(100);
  const first = cache.get(1, load(40));
  cache.get(2, load(40));
  expect(cache.get(1, load(40))).toBe(first);
  cache.get(3, load(40));
  expect([cache.peek(1), cache.peek(2), cache.peek(3)]).toEqual([first, null, { bytes: 40 }]);
  expect(cache.bytes).toBe(80);
});

it('keeps what is in use even when it is too large', () => {
  const cache = new MemoryCache<{ bytes: number }>(100);
  cache.get(1, load(40));
  const large = cache.get(2, load(500));
  expect([cache.peek(1), cache.peek(2)]).toEqual([null, large]);
});
