import type { LlamaModel } from 'node-llama-cpp';

/** Shorter texts are counted as they are. */
const LONG = 64 * 1024;
const PIECE = 16 * 1024;

/**
 * The tokens of a text that is far too long, counted until there are clearly more than `limit`; null
 * for any other. Nobody must wait for megabytes to be counted to their end, only to be refused.
 */
export function countFarTooLong(text: string, limit: number, weights: LlamaModel): number | null {
  if (text.length <= LONG) return null;
  let tokens = 0;
  for (let place = 0; place < text.length; place += PIECE) {
    tokens += weights.tokenize(text.slice(place, place + PIECE)).length;
    // Twice: a text that is cut into pieces has a few tokens more.
    if (tokens > limit * 2) return tokens;
  }
  return null;
}
