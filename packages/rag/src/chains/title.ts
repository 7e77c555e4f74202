import { splitSentences } from '@parley/text';

/** Longest title in columns; a Han, Kana or Hangul character takes two. So 60 Latin letters, or 30 Han. */
const MAX_COLUMNS = 60;
/** Only the beginning of a long question is looked at. */
const LOOK_AT = 2_000;
const LEADING_MARKS = /^(?:[#>*+\s-]|\d+[.)]\s)+/;
/** What ends a title badly; what closes a bracket or quote, or belongs to a name (C#, 50%), may stay. */
const TRAILING_MARKS = /[\s[\p{Po}--[%"'#@]]\p{Pd}\p{Ps}\p{Pi}]+$/v;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF00-\uFF60]/u;

/**
 * A title out of the question itself: its first sentence, cut at a word border to 60 columns, no
 * mark at the end. Never empty if the question is not.
 */
export function titleFromQuestion(question: string): string {
  const text = question.trim().slice(0, LOOK_AT);
  const [first] = splitSentences(text);
  const sentence = tidy(first ? text.slice(first.start, first.end) : text);
  return sentence === '' ? cutAtWord(text.replaceAll(/\s+/g, ' ')) : sentence;
}

/** What a model wrote as a title, made fit: one line, no quotes around it, not too long. May be empty. */
export function tidyTitle(written: string): string {
  const line = written.trim().split('\n')[0] ?? '';
  return tidy(line.replaceAll(/^["'“”‘’《「『]+|["'“”‘’》」』]+$/g, ''));
}

function tidy(sentence: string): string {
  const plain = sentence
    .replace(LEADING_MARKS, '')
    .replaceAll(/\*\*|`+/g, '')
    .replaceAll(/\s+/g, ' ');
  return cutAtWord(plain.replace(TRAILING_MARKS, '')).replace(TRAILING_MARKS, '');
}

function cutAtWord(text: string): string {
  let columns = 0;
  let length = 0;
  for (const character of text) {
    columns += WIDE.test(character) ? 2 : 1;
    if (columns > MAX_COLUMNS) return text.slice(0, wordBorder(text, length)).trimEnd();
    length += character.length;
  }
  return text;
}

/** The last place at or before `length` where no Latin word is cut; `length` if that would lose half of it. */
function wordBorder(text: string, length: number): number {
  const isInsideWord = (place: number) => /[\p{L}\p{N}]{2}/u.test(text.slice(place - 1, place + 1));
  const isBetweenWide = (place: number) => WIDE.test(text.slice(place - 1, place)) || WIDE.test(text.charAt(place));
  let border = length;
  while (border > length / 2 && isInsideWord(border) && !isBetweenWide(border)) border -= 1;
  return border > length / 2 ? border : length;
}
