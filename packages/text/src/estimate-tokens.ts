import { countCjk } from './scripts.ts';

/** UTF-16 units of text outside Han, Kana and Hangul that make about one token. */
const UNITS_PER_TOKEN = 4;

/**
 * Roughly how many tokens a model would make of `text`: one per Han, Kana or Hangul character, one
 * per four units of anything else. An estimate for budgets and for engines that have no tokenizer;
 * a model's own count differs by a quarter or more, so leave room.
 */
export function estimateTokens(text: string): number {
  const cjk = countCjk(text);
  return cjk + Math.ceil((text.length - cjk) / UNITS_PER_TOKEN);
}
