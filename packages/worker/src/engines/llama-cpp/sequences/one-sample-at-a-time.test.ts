import type { LlamaContext } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { oneSampleAtATime } from './one-sample-at-a-time.ts';

/** In the place of llama.cpp's context: counts how many are choosing at once. */
class FakeNative {
  running = 0;
  most = 0;

  async sampleToken(token: number): Promise<number> {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    if (token < 0) throw new Error('no token');
    return token;
  }
}

const contextOf = (native: unknown) => ({ _ctx: native }) as unknown as LlamaContext;

describe('the tokens of a batch', () => {
  it('are chosen one after the other, also after one that failed', async () => {
    const native = new FakeNative();
    oneSampleAtATime(contextOf(native));
    const chosen = await Promise.allSettled([1, -1, 3].map((token) => native.sampleToken(token)));
    expect(chosen.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(chosen[2]).toMatchObject({ value: 3 });
    expect(native.most).toBe(1);
  });

  it('are not chosen at all by a library that works in another way', () => {
    for (const native of [undefined, {}]) {
      expect(() => oneSampleAtATime(contextOf(native))).toThrow(expect.objectContaining({ code: 'internal_error' }));
    }
  });
});
