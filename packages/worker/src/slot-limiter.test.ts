import { describe, expect, it } from 'vitest';
import { SlotLimiter } from './slot-limiter.ts';

const never = new AbortController().signal;

describe('SlotLimiter', () => {
  it('lets no more run than there are slots, and counts who waits', async () => {
    const slots = new SlotLimiter(2);
    await slots.acquire(never);
    await slots.acquire(never);
    void slots.acquire(never);
    expect([slots.running, slots.waiting, slots.queueLength]).toEqual([2, 1, 3]);
  });

  it('serves those who wait in the order in which they came', async () => {
    const slots = new SlotLimiter(1);
    const served: string[] = [];
    const release = await slots.acquire(never);
    const turns = ['a', 'b', 'c'].map(async (name) => {
      const free = await slots.acquire(never);
      served.push(name);
      free();
    });
    release();
    await Promise.all(turns);
    expect(served).toEqual(['a', 'b', 'c']);
    expect(slots.queueLength).toBe(0);
  });

  it('forgets a waiter that leaves, and passes over it', async () => {
    const slots = new SlotLimiter(1);
    const release = await slots.acquire(never);
    const leaving = new AbortController();
    const left = slots.acquire(leaving.signal);
    const stays = slots.acquire(never);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'request_aborted' });
    expect(slots.queueLength).toBe(2);
    release();
    (await stays)();
    expect(slots.queueLength).toBe(0);
  });

  it('frees a slot once, however often it is given back', async () => {
    const slots = new SlotLimiter(1);
    const release = await slots.acquire(never);
    release();
    release();
    expect(slots.running).toBe(0);
    await slots.acquire(never);
    expect(slots.running).toBe(1);
  });
});
