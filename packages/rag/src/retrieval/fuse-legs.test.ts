import { describe, expect, it } from 'vitest';
import { hitsOf } from '../testing/hits-of.ts';
import { seededRandom } from '../testing/random-text.ts';
import { fuseLegs, type SearchLegs } from './fuse-legs.ts';

const idsOf = (legs: SearchLegs, weight: number) => fuseLegs(legs, () => weight).map(({ chunkId }) => chunkId);

function randomLegs(seed: number): SearchLegs {
  const random = seededRandom(seed);
  const leg = () => {
    const ids = Array.from({ length: 30 }, (_, place) => `c${place}`).filter(() => random() < 0.4);
    const scores = Object.fromEntries(ids.map((id) => [id, Math.round(random() * 8) / 8 + 0.1]));
    return hitsOf(scores);
  };
  return { lexical: leg(), dense: [leg()], limit: 30 };
}

describe('fuseLegs', () => {
  it('gives exactly the order of one leg at the ends, with what only the other found behind it', () => {
    for (let seed = 1; seed < 300; seed += 1) {
      const legs = randomLegs(seed);
      const lexical = legs.lexical.map(({ chunkId }) => chunkId);
      const dense = legs.dense[0]!.map(({ chunkId }) => chunkId);
      expect(idsOf(legs, 0).slice(0, lexical.length)).toEqual(lexical);
      expect(idsOf(legs, 1).slice(0, dense.length)).toEqual(dense);
      expect(new Set(idsOf(legs, 0.5))).toEqual(new Set([...lexical, ...dense]));
    }
  });

  it('keeps scores between 0 and 1, the best of both legs at 1', () => {
    const [first] = fuseLegs(
      { lexical: hitsOf({ a: 9, b: 1 }), dense: [hitsOf({ a: 0.8, c: 0.1 })], limit: 2 },
      () => 0.3,
    );
    expect(first).toMatchObject({ chunkId: 'a', lexical: { rank: 1, score: 9 }, dense: { rank: 1, score: 0.8 } });
    expect(first?.fused).toBeCloseTo(1);
    for (let seed = 1; seed < 100; seed += 1) {
      for (const { fused } of fuseLegs(randomLegs(seed), () => 0.6)) {
        expect(fused).toBeGreaterThanOrEqual(0);
        expect(fused).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });

  it('compares cosines of different embedding spaces only within their own', () => {
    const narrow = hitsOf({ a: 0.91, b: 0.9 }, 'one');
    const wide = hitsOf({ c: 0.5, d: 0.1 }, 'two');
    const ranked = fuseLegs({ lexical: [], dense: [narrow, wide], limit: 2 }, () => 1);
    expect(ranked.slice(0, 2).map(({ chunkId, fused }) => [chunkId, fused])).toEqual([
      ['a', 1],
      ['c', 1],
    ]);
  });

  it('weighs the passages of each base as that base says', () => {
    const lexical = [...hitsOf({ a: 2 }, 'words'), ...hitsOf({ b: 1 }, 'meaning')];
    const dense = [hitsOf({ b: 0.9, c: 0.1 }, 'meaning')];
    const fused = fuseLegs({ lexical, dense, limit: 5 }, (baseId) => (baseId === 'meaning' ? 1 : 0));
    expect(Object.fromEntries(fused.map(({ chunkId, fused: score }) => [chunkId, score]))).toEqual({
      a: 1,
      b: 1,
      c: 0,
    });
  });

  it('takes nothing from the last passage of a list that holds all there are', () => {
    const short = fuseLegs({ lexical: hitsOf({ a: 10, b: 9 }), dense: [], limit: 50 }, () => 0);
    expect(short.map(({ fused }) => fused)).toEqual([1, 0.9]);
  });
});
