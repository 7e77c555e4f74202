import { seededRandom } from '../random.ts';
import { CODE_LENGTH } from './token-codes.ts';
import { WIDTH } from './layout.ts';

/** llama.cpp's base of RoPE's frequencies, as written into the file. */
export const FREQUENCY_BASE = 10_000;
/** Pairs of dimensions that find offsets, and those after them that measure how long ago something was. */
export const OFFSET_PAIRS = CODE_LENGTH;
export const RECENCY_PAIRS = 8;

/** How the pairs of a head turn with the position, in radians per token. */
export interface Rotations {
  readonly offsets: readonly number[];
  /** The sum of the cosines at the worst lag other than 0, of at most `OFFSET_PAIRS`. */
  readonly worstSum: number;
  readonly recency: number;
}

/**
 * RoPE (Su et al., 2021) turns each pair of a query and a key by its position times a frequency, so
 * their product depends on the lag alone. With irregular frequencies that sum of cosines has its
 * peak at lag 0 only; a head that has to look k tokens back turns its query by k beforehand.
 */
export function chooseRotations(contextLength: number): Rotations {
  const random = seededRandom(11);
  let best = { offsets: irregularFrequencies(random), worstSum: Number.POSITIVE_INFINITY };
  for (let attempt = 0; attempt < 40; attempt++) {
    const offsets = irregularFrequencies(random);
    const worstSum = worstOtherLag(offsets, { maxLag: contextLength, giveUpAt: best.worstSum });
    if (worstSum < best.worstSum) best = { offsets, worstSum };
  }
  // The whole context is 1.6 of a turn's 6.28: there the cosine falls almost evenly, see `buildCopyHead`.
  return { ...best, recency: 1.6 / contextLength };
}

/** The tensor `rope_freqs.weight`: llama.cpp divides the angle of a pair by it, so it sets frequencies freely. */
export function frequencyFactors({ offsets, recency }: Rotations): number[] {
  return Array.from({ length: WIDTH / 2 }, (_, pair) => {
    const natural = FREQUENCY_BASE ** ((-2 * pair) / WIDTH);
    const wanted = offsets[pair] ?? (pair < OFFSET_PAIRS + RECENCY_PAIRS ? recency : 0);
    // The other pairs compare contents: they must not turn at all.
    return wanted === 0 ? 1e30 : natural / wanted;
  });
}

function irregularFrequencies(random: () => number): number[] {
  return Array.from({ length: OFFSET_PAIRS }, (_, index) =>
    Math.fround(((index + 0.15 + 0.7 * random()) / OFFSET_PAIRS) * Math.PI),
  );
}

function worstOtherLag(frequencies: readonly number[], { maxLag, giveUpAt }: { maxLag: number; giveUpAt: number }) {
  let worst = Number.NEGATIVE_INFINITY;
  for (let lag = 1; lag <= maxLag && worst < giveUpAt; lag++) {
    let sum = 0;
    for (const frequency of frequencies) sum += Math.cos(frequency * lag);
    worst = Math.max(worst, sum);
  }
  return worst;
}
