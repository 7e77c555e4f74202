import { seededRandom, shuffled } from '../random.ts';

/** Entries of a code word. */
export const CODE_LENGTH = 24;

/** What two different code words correlate by at most; a word correlates with itself by `CODE_LENGTH`. */
export const WORST_CORRELATION = 8;

/** A word of the code with its bits as +1 and -1. */
export type Code = readonly number[];

/** x^11 + x^10 + x^6 + x^5 + x^4 + x^2 + 1, which generates the binary Golay code of 23 bits. */
const GENERATOR = 0b110001110101;

/**
 * `count` words of the extended binary Golay code [24, 12, 8] (M. Golay, 1949): any two differ in at
 * least 8 bits, so a threshold tells a token from every other. Words of weight 12 only: all have the
 * mean 0 and, as two of them differ in 8, 12, 16 or 24 bits, a correlation of 8, 0, -8 or -24.
 */
export function tokenCodes(count: number): Code[] {
  const balanced: Code[] = [];
  for (let message = 0; message < 4096; message++) {
    const word = encode(message);
    if (word.reduce((sum, entry) => sum + entry, 0) === 0) balanced.push(word);
  }
  if (count > balanced.length) throw new RangeError(`There are only ${balanced.length} codes.`);
  return shuffled(balanced, seededRandom(7)).slice(0, count);
}

function encode(message: number): Code {
  let word = 0;
  for (let bit = 0; bit < 12; bit++) if ((message >> bit) & 1) word ^= GENERATOR << bit;
  const bits = Array.from({ length: CODE_LENGTH - 1 }, (_, bit) => (word >> bit) & 1);
  const parity = bits.reduce((sum, bit) => sum ^ bit, 0);
  return [...bits, parity].map((bit) => (bit === 1 ? 1 : -1));
}
