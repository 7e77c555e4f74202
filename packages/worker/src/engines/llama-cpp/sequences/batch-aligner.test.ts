import type { BatchItem } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { BatchAligner } from './batch-aligner.ts';

const item = (length: number): BatchItem => ({
  tokens: Array.from({ length }) as never[],
  logits: [],
  evaluationPriority: 5,
});

describe('a batch', () => {
  it('waits until all who run have asked', () => {
    const aligner = new BatchAligner();
    aligner.enter();
    aligner.enter();
    const one = item(1);
    expect(aligner.prioritize({ items: [one], size: 512 })).toEqual([]);
    expect(aligner.prioritize({ items: [one, item(1)], size: 512 })).toHaveLength(2);
  });

  it('does not wait for one that has left, nor for ever', () => {
    const aligner = new BatchAligner();
    aligner.enter();
    aligner.enter();
    aligner.leave();
    expect(aligner.prioritize({ items: [item(1)], size: 512 })).toHaveLength(1);
    aligner.enter();
    const rounds = Array.from({ length: 100 }, () => aligner.prioritize({ items: [item(1)], size: 512 }).length);
    expect(rounds).toContain(1);
  });

  it('has a token of everybody, and what is left of those who read', () => {
    const aligner = new BatchAligner();
    const items = [item(100), item(1), item(100)];
    const amounts = aligner.prioritize({ items, size: 110 }).map(({ processAmount }) => processAmount);
    expect(amounts).toEqual([100, 1, 9]);
  });

  it('is not waited for while somebody works on the context alone', async () => {
    const aligner = new BatchAligner();
    const work = Promise.withResolvers<void>();
    let hasPassed = false;
    const alone = aligner.alone(() => work.promise);
    const passing = aligner.pass().then(() => (hasPassed = true));
    await Promise.resolve();
    expect(hasPassed).toBe(false);
    work.resolve();
    await Promise.all([alone, passing]);
    expect(hasPassed).toBe(true);
  });
});
