import { describe, expect, it } from 'vitest';
import { hitsOf } from '../testing/hits-of.ts';
import { seededRandom } from '../testing/random-text.ts';
import { tuneDenseWeight, tuneDenseWeightInTurns, type JudgedSearch } from './tune-dense-weight.ts';

/** A query whose answer stands at these places of the legs; 0: not found. */
function search(lexicalRank: number, denseRank: number): JudgedSearch {
  const leg = (rank: number) =>
    hitsOf(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, place) => [place + 1 === rank ? 'answer' : `x${place}-${rank}`, 12 - place]),
      ),
    );
  return {
    legs: { lexical: leg(lexicalRank), dense: [leg(denseRank)], limit: 12 },
    judgements: new Map([['answer', 1]]),
  };
}

const many = (count: number, make: () => JudgedSearch) => Array.from({ length: count }, make);

describe('tuneDenseWeight', () => {
  it('leans on the leg that answers', () => {
    expect(tuneDenseWeight(many(200, () => search(12, 1))).weight).toBeGreaterThan(0.5);
    expect(tuneDenseWeight(many(200, () => search(1, 5))).weight).toBeLessThanOrEqual(0.5);
  });

  it('stays at one half when nothing is known, and near it when little is', () => {
    expect(tuneDenseWeight([])).toMatchObject({ weight: 0.5, lexical: 0, dense: 0, fused: 0 });
    const few = tuneDenseWeight([search(12, 1)]);
    const more = tuneDenseWeight(many(500, () => search(12, 1)));
    expect(Math.abs(few.weight - 0.5)).toBeLessThanOrEqual(Math.abs(more.weight - 0.5));
  });

  it('is never worse on the judged queries than the better leg alone', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed);
      const rank = () => Math.floor(random() ** 2 * 12);
      const tuned = tuneDenseWeight(many(1 + Math.floor(random() * 20), () => search(rank(), rank())));
      expect(tuned.fused).toBeGreaterThanOrEqual(Math.max(tuned.lexical, tuned.dense));
      expect(tuned.weight).toBeGreaterThanOrEqual(0);
      expect(tuned.weight).toBeLessThanOrEqual(1);
    }
  });

  it('chooses the same in turns, with others in between', async () => {
    const searches = many(20, () => search(3, 1));
    let turns = 0;
    const chosen = await tuneDenseWeightInTurns(searches, async () => void (turns += 1));
    expect(chosen).toEqual(tuneDenseWeight(searches));
    expect(turns).toBe(21);
  });
});
