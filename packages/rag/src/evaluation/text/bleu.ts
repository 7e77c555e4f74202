import { CJK } from '@parley/text';
import { countItems, ngramsOf } from './overlap.ts';

const LONGEST = 4;
const EACH_CJK = new RegExp(`([${CJK}\\u3000-\\u303f\\uff00-\\uffef])`, 'gu');
/** How mteval-v13a splits off marks: all but those inside numbers. */
const MARKS: readonly [RegExp, string][] = [
  [/([{-~[-` -&(-+:-@/])/g, ' $1 '],
  [/([^0-9])([.,])/g, '$1 $2 '],
  [/([.,])([^0-9])/g, ' $1 $2'],
  [/([0-9])(-)/g, '$1 $2 '],
];

/**
 * BLEU of one answer, 0 to 1: n-grams up to 4, brevity penalty against the reference nearest in
 * length (Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", 2002).
 * One is added to matches and counts for n above 1 (Lin and Och, "ORANGE", COLING 2004; method 2 of
 * Chen and Cherry, "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU", 2014).
 * Words are those of mteval-v13a, case kept; Chinese, Japanese and Korean count by characters.
 */
export function bleu(answer: string, references: readonly string[]): number {
  const said = bleuWords(answer);
  const wanted = references.map(bleuWords);
  if (said.length === 0 || wanted.length === 0) return 0;
  let logarithms = 0;
  for (let size = 1; size <= LONGEST; size += 1) {
    const added = size === 1 ? 0 : 1;
    const matches = clippedMatches(said, wanted, size) + added;
    const count = Math.max(0, said.length - size + 1) + added;
    if (matches === 0) return 0;
    logarithms += Math.log(matches / count) / LONGEST;
  }
  return brevityPenalty(said.length, wanted) * Math.exp(logarithms);
}

/** N-grams of the answer that a reference has, each as often as the reference that has it most. */
function clippedMatches(said: readonly string[], wanted: readonly (readonly string[])[], size: number): number {
  const allowed = wanted.map((words) => countItems(ngramsOf(words, size)));
  let matches = 0;
  for (const [ngram, count] of countItems(ngramsOf(said, size))) {
    matches += Math.min(count, Math.max(...allowed.map((counts) => counts.get(ngram) ?? 0)));
  }
  return matches;
}

/** Of references that are equally near, the shorter one counts. */
function brevityPenalty(length: number, wanted: readonly (readonly string[])[]): number {
  const lengths = wanted.map((words) => words.length);
  const byDistance = lengths.toSorted((one, other) => Math.abs(one - length) - Math.abs(other - length) || one - other);
  const nearest = byDistance[0] ?? length;
  return length >= nearest ? 1 : Math.exp(1 - nearest / length);
}

function bleuWords(text: string): string[] {
  const apart = ` ${text.replaceAll(EACH_CJK, ' $1 ')} `;
  const split = MARKS.reduce((line, [pattern, replacement]) => line.replaceAll(pattern, replacement), apart);
  return split.split(/\s+/).filter((word) => word !== '');
}
