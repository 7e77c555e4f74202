import { expect, it } from 'vitest';
import { DrainRate } from './drain-rate.ts';
import { FakeClock } from './testing/fake-clock.ts';

it('tells the time from the pace of the last ends', () => {
  const clock = new FakeClock();
  const rate = new DrainRate(clock.now);
  for (let end = 0; end < 10; end += 1) {
    rate.record('m');
    clock.advance(2_000);
  }
  expect(rate.secondsFor('m', 6)).toBe(12);
});

it('names a bounded time when nothing has ended, or nothing ends any more', () => {
  const clock = new FakeClock();
  const rate = new DrainRate(clock.now);
  expect(rate.secondsFor('m', 50)).toBe(10);
  rate.record('m');
  clock.advance(10_000_000);
  expect(rate.secondsFor('m', 50)).toBe(120);
});
