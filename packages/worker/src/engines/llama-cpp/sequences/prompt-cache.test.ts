import { writeFile } from 'node:fs/promises';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { afterEach, expect, it } from 'vitest';
import { silentLogger } from '@parley/service-kit/testing';
import { PromptCache } from './prompt-cache.ts';

let now = 0;
let cache: PromptCache;
afterEach(() => cache.close());

/** A fake sequence of 100 tokens, in a context that computes a batch of others first; it saves as long as `savingMs`. */
class FakeSequence {
  readonly contextTokens = Array.from({ length: 100 }, (_, place) => place as Token);
  readonly #savingMs: number;
  #batchMs = 200;

  constructor(savingMs: number) {
    this.#savingMs = savingMs;
  }

  async eraseContextTokenRanges(): Promise<void> {
    now += this.#batchMs;
    this.#batchMs = 0;
  }

  async saveStateToFile(file: string): Promise<{ fileSize: number }> {
    await this.eraseContextTokenRanges();
    now += this.#savingMs;
    await writeFile(file, 'state');
    return { fileSize: 5 };
  }
}

it.each([
  ['takes', 'fast, though a batch of others had to end first', 5, true],
  ['takes no', 'slow', 200, false],
])('%s more after a save that was %s', async (_, __, savingMs, takes) => {
  cache = await PromptCache.open({ folder: null, limitBytes: 1e6, now: () => now, logger: silentLogger() });
  await cache.save(new FakeSequence(savingMs) as unknown as LlamaContextSequence);
  expect(cache.takes(100, 1)).toBe(takes);
  now += 60_000;
  expect(cache.takes(100, 1)).toBe(true);
});
