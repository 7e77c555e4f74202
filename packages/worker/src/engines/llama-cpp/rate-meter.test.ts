import { expect, it } from 'vitest';
import { RateMeter } from './rate-meter.ts';

it('counts the last ten seconds and forgets what was before', () => {
  let now = 0;
  const meter = new RateMeter(() => now);
  for (; now < 20_000; now += 100) meter.add();
  expect(meter.rate).toBeGreaterThanOrEqual(9);
  expect(meter.rate).toBeLessThanOrEqual(10);
  now += 60_000;
  expect(meter.rate).toBe(0);
});
