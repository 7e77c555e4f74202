import { CJK, stemWord } from '@parley/text';
import { toOverlap, type WordOverlap } from './answer-metrics.ts';
import { countOverlap, ngramsOf } from './overlap.ts';

const WORD = new RegExp(`[${CJK}]|(?:(?![${CJK}])[\\p{L}\\p{M}\\p{N}])+`, 'gu');
/** Shorter words are left as they are, as in the `rouge-score` package. */
const SHORTEST_STEMMED = 4;

export interface RougeOptions {
  /** `porter` compares the stems of English words; default `none`. */
  stems?: 'porter' | 'none';
}

export interface Rouge {
  /** Words in common. */
  rouge1: WordOverlap;
  /** Pairs of neighbouring words in common. */
  rouge2: WordOverlap;
  /** The longest sequence of words that both have in the same order. */
  rougeL: WordOverlap;
}

/**
 * ROUGE-1, ROUGE-2 and ROUGE-L of an answer and a reference (Lin, "ROUGE: A Package for Automatic
 * Evaluation of Summaries", 2004), counted as Google's `rouge-score` counts them. The text is one
 * sequence of lower-case words; Chinese, Japanese and Korean count by characters.
 */
export function rouge(answer: string, reference: string, { stems = 'none' }: RougeOptions = {}): Rouge {
  const [said, wanted] = [rougeWords(answer, stems), rougeWords(reference, stems)];
  return {
    rouge1: ngramOverlap(said, wanted, 1),
    rouge2: ngramOverlap(said, wanted, 2),
    rougeL: toOverlap(longestCommonSequence(said, wanted), said.length, wanted.length),
  };
}

function rougeWords(text: string, stems: 'porter' | 'none'): string[] {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  if (stems === 'none') return words;
  return words.map((word) => (word.length < SHORTEST_STEMMED ? word : stemWord(word)));
}

function ngramOverlap(said: readonly string[], wanted: readonly string[], size: number): WordOverlap {
  const [ours, theirs] = [ngramsOf(said, size), ngramsOf(wanted, size)];
  return toOverlap(countOverlap(ours, theirs), ours.length, theirs.length);
}

/** By dynamic programming, one row at a time. */
function longestCommonSequence(one: readonly string[], other: readonly string[]): number {
  let above = new Uint32Array(other.length + 1);
  for (const word of one) {
    const row = new Uint32Array(other.length + 1);
    for (const [place, candidate] of other.entries()) {
      const longest = Math.max(above[place + 1] ?? 0, row[place] ?? 0);
      row[place + 1] = word === candidate ? (above[place] ?? 0) + 1 : longest;
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}
