import { describe, expect, it } from 'vitest';
import { findPolicy } from './find-policy.ts';

const half = () => 0.5;
const worker = (name: string, load: number, { speed = 1, lastUsed = 0 } = {}) => ({ name, load, speed, lastUsed });

describe('shortest_queue', () => {
  const policy = findPolicy('shortest_queue');

  it('takes the least load for its speed', () => {
    expect(policy.pick([worker('slow', 2), worker('fast', 3, { speed: 2 })], half)?.name).toBe('fast');
  });

  it('lets equal workers take turns', () => {
    expect(policy.pick([worker('a', 1, { lastUsed: 7 }), worker('b', 1, { lastUsed: 3 })], half)?.name).toBe('b');
  });

  it('has no answer without candidates', () => {
    expect(policy.pick([], half)).toBeNull();
  });
});

describe('lottery', () => {
  const policy = findPolicy('lottery');
  const candidates = [worker('slow', 0), worker('fast', 9, { speed: 3 })];

  it('gives each worker tickets by its speed', () => {
    const drawn = Array.from({ length: 8 }, (_, index) => policy.pick(candidates, () => index / 8)?.name);
    expect(drawn.filter((name) => name === 'slow')).toHaveLength(2);
  });

  it('draws a worker whatever the random number', () => {
    expect(policy.pick(candidates, () => 1 - Number.EPSILON)?.name).toBe('fast');
    expect(policy.pick([], half)).toBeNull();
  });
});
