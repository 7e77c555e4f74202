import { CJK } from './scripts.ts';

/** One or more end marks, then what closes after them. Code in backticks is matched to be passed over. */
const CANDIDATE = /(?<!`)`+[^`\n]+`+|[。！？；｡…]+[。！？；…!?]*["'”’」』）】》)\]*_]*|[.!?]+["'”’」』）】》)\]*_]*/g;
const CJK_CHARACTER = new RegExp(`^[${CJK}]`, 'u');
/** Words whose dot does not end a sentence. */
const ABBREVIATIONS = new Set(
  'e.g i.e cf vs viz approx ca mr mrs ms dr prof st jr sr no fig figs eq sec ch vol pp p ed eds inc ltd co corp dept est al'.split(
    ' ',
  ),
);
const LAST_WORD = /[\p{L}\p{N}.]+$/u;
/** As long as an abbreviation gets, with room. */
const LOOK_BACK = 16;

/** Offsets in `text` right after each sentence of `start` to `end`, the last one being `end`. */
export function findSentenceEnds(text: string, { start, end }: { start: number; end: number }): number[] {
  const part = text.slice(start, end);
  const ends: number[] = [];
  for (const match of part.matchAll(CANDIDATE)) {
    const after = match.index + match[0].length;
    if (after < part.length && isEnd(part, match[0], match.index)) ends.push(start + after);
  }
  return [...ends, end];
}

function isEnd(part: string, mark: string, index: number): boolean {
  const rest = part.slice(index + mark.length, index + mark.length + LOOK_BACK);
  if (mark.startsWith('`')) return false;
  const next = rest.trimStart();
  const goesOnSmall = /^\p{Ll}/u.test(next);
  if (/^[。！？；｡]/.test(mark)) return true;
  if (mark.startsWith('…')) return !goesOnSmall;
  const isApart = rest !== next;
  if (!mark.startsWith('.')) return (isApart && !goesOnSmall) || CJK_CHARACTER.test(rest);
  return isApart && !goesOnSmall && !isDotOfAWord(part.slice(Math.max(0, index - LOOK_BACK), index), mark);
}

/** The dot belongs to the word before it: an abbreviation, an initial, or the number of a list item. */
function isDotOfAWord(before: string, mark: string): boolean {
  if (mark.startsWith('..')) return false;
  const word = LAST_WORD.exec(before)?.[0] ?? '';
  const isInitial = /^\p{Lu}$/u.test(word) || /^(?:\p{L}\.)+\p{L}$/u.test(word);
  const isListNumber = /^\s*\d{1,9}$/.test(before);
  return isInitial || isListNumber || ABBREVIATIONS.has(word.toLowerCase());
}
