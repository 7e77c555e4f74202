import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EarlyEnd } from '../relay/early-end.ts';
import { FakeLink } from '../testing/fake-link.ts';

const A = 'http://127.0.0.1:9001';
let link: FakeLink;

beforeEach(() => {
  vi.useFakeTimers();
  link = new FakeLink();
  link.open();
});
afterEach(() => {
  link.leases.stop();
  vi.useRealTimers();
});

it('goes on with the workers it knows when a controller that has just come back is lost again', async () => {
  link.tellWorkers([A]);
  vi.advanceTimersByTime(10_000);
  link.lose();
  link.open();
  link.tellWorkers([]);
  link.lose();
  vi.advanceTimersByTime(10_000);
  const lease = await link.leases.acquire({ model: 'm', user: '' }, new EarlyEnd());
  expect(lease.worker_name).toBe(A);
});

it('refuses who came last when more wait than it can keep without a controller', async () => {
  link.tellWorkers([A], 1);
  const ends = Array.from({ length: 103 }, async (_, index) => {
    return link.leases.acquire({ model: 'm', user: '' }, new EarlyEnd()).then(
      () => `${index} granted`,
      (error: { code: string }) => `${index} ${error.code}`,
    );
  });
  link.lose();
  expect(await Promise.race(ends.slice(1))).toBe('101 queue_full');
  expect(await Promise.all([ends[0], ends[102]])).toEqual(['0 granted', '102 queue_full']);
});
