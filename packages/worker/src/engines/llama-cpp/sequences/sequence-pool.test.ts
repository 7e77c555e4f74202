import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { expect, it } from 'vitest';
import { SequencePool } from './sequence-pool.ts';

const toTokens = (text: string) => [...text].map((letter) => letter.charCodeAt(0) as Token);

/** A fake sequence: it knows what it has read, and computes nothing. */
class FakeSequence {
  read: Token[] = [];

  get nextTokenIndex(): number {
    return this.read.length;
  }

  compareContextTokens(tokens: Token[]): { firstDifferentIndex: number } {
    const different = tokens.findIndex((token, index) => token !== this.read[index]);
    return { firstDifferentIndex: different === -1 ? Math.min(tokens.length, this.read.length) : different };
  }
}

const waiting = () => new AbortController().signal;

function poolOf(texts: readonly string[], { losesNothing = true } = {}) {
  const sequences = texts.map((text) => Object.assign(new FakeSequence(), { read: toTokens(text) }));
  const pool = new SequencePool(sequences as unknown as LlamaContextSequence[], () => losesNothing);
  return {
    pool,
    take: async (text: string): Promise<number> => {
      const sequence = (await pool.acquire(toTokens(text), waiting())) as unknown as FakeSequence;
      return sequences.indexOf(sequence);
    },
    giveBack: (place: number) => pool.release(sequences[place] as unknown as LlamaContextSequence),
  };
}

it('goes on where most of the conversation is known', async () => {
  const { take } = poolOf(['', 'hello', 'hello there', 'something else']);
  expect(await take('hello there, and more')).toBe(2);
});

it('keeps those side by side that run at once', async () => {
  const { take, giveBack } = poolOf(['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee', 'ffff', 'gggg', 'hhhh']);
  // Used last: 1, 4 and 6; the oldest is 0.
  for (const known of ['bbbb', 'eeee', 'gggg']) giveBack(await take(known));
  const taken: number[] = [];
  for (const text of ['one', 'two', 'three', 'four']) taken.push(await take(text));
  expect(taken.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
});

it('takes nobody’s conversation before its turn where that would be lost', async () => {
  const { take, giveBack } = poolOf(['aaaa', 'bbbb', 'cccc', 'dddd'], { losesNothing: false });
  giveBack(await take('bbbb'));
  const taken: number[] = [];
  for (const text of ['one', 'two', 'three', 'four']) taken.push(await take(text));
  expect(taken).toEqual([0, 2, 3, 1]);
});

it('takes an empty one first, of those beside who run', async () => {
  const { take } = poolOf(['', 'bbbb', 'cccc', '', '']);
  expect(await take('cccc and on')).toBe(2);
  expect(await take('new')).toBe(3);
  expect(await take('newer')).toBe(4);
  expect(await take('newest')).toBe(1);
});

it('hands a sequence to the one that waits longest, and forgets who left', async () => {
  const { pool, take, giveBack } = poolOf(['']);
  expect(await take('first')).toBe(0);
  const left = new AbortController();
  const leaving = pool.acquire([], left.signal);
  const next = take('second');
  left.abort();
  await expect(leaving).rejects.toMatchObject({ code: 'request_aborted' });
  giveBack(0);
  expect(await next).toBe(0);
  expect(pool.lent).toBe(1);
});
