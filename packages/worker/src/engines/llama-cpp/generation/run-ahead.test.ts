import { describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { runAhead } from './run-ahead.ts';

/** Counts what was drawn of it, and whether it ended. */
function counting(length: number) {
  const seen = { drawn: 0, hasEnded: false };
  async function* count() {
    try {
      for (let item = 0; item < length; item += 1) {
        seen.drawn += 1;
        yield item;
      }
    } finally {
      seen.hasEnded = true;
    }
  }
  return { seen, source: count() };
}

const pauses = () => {
  const log: string[] = [];
  return { log, limit: 3, onPause: () => log.push('pause'), onResume: () => log.push('resume') };
};

describe('a source that is drawn ahead', () => {
  it('gives all its items in order', async () => {
    const items = await Array.fromAsync(runAhead(counting(20).source, pauses()));
    expect(items).toEqual(Array.from({ length: 20 }, (_, place) => place));
  });

  it('takes its next step before its reader does anything', async () => {
    const order: string[] = [];
    async function* steps() {
      for (let step = 0; step < 3; step += 1) {
        order.push(`step ${step}`);
        yield step;
      }
    }
    for await (const item of runAhead(steps(), pauses())) order.push(`read ${item}`);
    expect(order.indexOf('step 1')).toBeLessThan(order.indexOf('read 0'));
  });

  it('stands still at its limit, and goes on when there is room', async () => {
    const { seen, source } = counting(20);
    const options = pauses();
    const ahead = runAhead(source, options);
    await ahead.next();
    await waitUntil(() => options.log.at(-1) === 'pause', 'it stands still');
    expect(seen.drawn).toBeLessThanOrEqual(5);
    expect((await Array.fromAsync(ahead)).length).toBe(19);
    expect(options.log.filter((word) => word === 'pause')).toHaveLength(
      options.log.filter((word) => word === 'resume').length,
    );
  });

  it('ends with its reader, also while it stands still', async () => {
    const { seen, source } = counting(20);
    const options = pauses();
    const ahead = runAhead(source, options);
    await ahead.next();
    await waitUntil(() => options.log.at(-1) === 'pause', 'it stands still');
    await ahead.return(undefined);
    expect(seen.hasEnded).toBe(true);
    expect(options.log.at(-1)).toBe('resume');
  });

  it('fails after its last item', async () => {
    async function* failing() {
      yield 1;
      throw new Error('broken');
    }
    const ahead = runAhead(failing(), pauses());
    expect((await ahead.next()).value).toBe(1);
    await expect(ahead.next()).rejects.toThrow('broken');
  });
});
