import { stemmer } from 'stemmer';

/** The stem of a lower-case English word (Porter, "An algorithm for suffix stripping", 1980); other words as they are. */
export function stemWord(word: string): string {
  return /^[a-z]+$/.test(word) ? stemmer(word) : word;
}
