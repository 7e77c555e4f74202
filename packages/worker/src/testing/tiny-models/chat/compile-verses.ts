import { controlTokens, encodeText } from '../byte-vocabulary.ts';
import { BLOCKS } from './layout.ts';
import type { Verses } from './programs.ts';
import { contextOf, type Rule, type Step } from './rule.ts';

/**
 * The rules of verses that differ in one letter only. Eight tokens of context cannot tell which
 * verse is next, but the copy head can: before a letter it proposes the letter of the verse before.
 * So the rules there say "where A is proposed comes B". The first letter needs a plain rule, hence
 * the opening differs from a verse in the eighth token before the letter, which the copy head does
 * not look at, and is like it in the seven on either side, which it does.
 */
export function compileVerses({ verse, letters }: Verses): Rule[] {
  const codes = encodeText(letters);
  const beforeLetter = encodeText(verse.slice(0, -1));
  const lastByte = encodeText(verse.slice(-1));
  const verseSteps: Step[] = beforeLetter.map((token) => [token]);
  // A letter, its stop, and the whole of a verse up to the next letter.
  const steps: Step[] = [codes, ...lastByte.map((token) => [token]), ...verseSteps];
  const start = verseSteps.slice(-BLOCKS);
  return [
    ...nextLetterRules(contextOf(start, start.length), codes),
    ...afterLetterRules([...start, ...steps], start.length, codes),
  ];
}

function nextLetterRules(context: Rule['context'], letters: readonly number[]): Rule[] {
  return letters.slice(1).map((letter, index) => ({ context, proposed: letters[index] ?? letter, next: [letter] }));
}

/** From the stop after a letter to the next verse's letter; after the last letter's stop comes the end. */
function afterLetterRules(steps: readonly Step[], letterAt: number, letters: readonly number[]): Rule[] {
  return steps.flatMap((step, index): Rule[] => {
    if (index <= letterAt) return [];
    const context = contextOf(steps, index);
    if (index !== letterAt + 2) return [{ context, next: step }];
    return letters.map((letter, place) => ({
      context: context.with(1, letter),
      next: place === letters.length - 1 ? [controlTokens.end] : step,
    }));
  });
}
