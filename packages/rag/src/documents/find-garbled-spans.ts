import type { FlaggedSpan } from '../parsing/reader-events.ts';

/** Long enough to judge the letters in it, short enough to tell one bad page from a bad book. */
const WINDOW = 2_000;
/** Fewer letters than this say nothing. */
const MIN_LETTERS = 200;
/** Of what is no white space: characters without a meaning. */
const MAX_UNREADABLE = 0.06;
/** Of Latin letters; English has 0.38, no language that is written in them less than 0.25. */
const MIN_VOWELS = 0.18;
/** Words longer than this on average are no words but data (Base64), which is not judged by its vowels. */
const MAX_WORD = 16;
/** Of what is no white space: with more signs than this it is code, whose names go without vowels. */
const MAX_SIGNS = 0.12;
/** Of Han characters: the commonest; running text has 0.2 and more. */
const MIN_COMMON_HAN = 0.015;
/** Of letters: neither of the two scripts that most of them are in. */
const MAX_FOREIGN = 0.3;
const MIN_SCRIPTS = 5;

const UNREADABLE = /(?!\s)[\uFFFD\p{Co}\p{Cn}\p{Cc}]/gu;
/** UTF-8 that was read as Windows-1252, UTF-8 that was read as GBK. */
const MOJIBAKE = /[ÃÂâåæçèé][\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]|锟斤拷|烫烫烫|[ðŸ]{2}/gu;
const SIGNS = /[{}()[\];=<>*&|"'_/\\#$@+-]/g;
const COMMON_HAN =
  /[的一是不了在人有我他这中大来上个国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日这為個國來時會說對們學過發後長問見東車開關門無與並為將於數據第及各及其条本应或者等由]/gu;
const SCRIPTS = [
  'Latin', 'Han', 'Hiragana', 'Katakana', 'Hangul', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Thai', 'Devanagari',
  'Armenian', 'Georgian', 'Bengali', 'Tamil', 'Ethiopic', 'Cherokee', 'Canadian_Aboriginal', 'Yi', 'Khmer', 'Myanmar',
  'Syriac', 'Thaana', 'Sinhala', 'Lao', 'Tibetan', 'Mongolian', 'Gujarati', 'Telugu', 'Kannada', 'Malayalam',
].map((script) => new RegExp(`\\p{Script=${script}}`, 'gu')); // prettier-ignore

/**
 * The parts of a text that nobody can read: characters without a meaning, letters in the wrong
 * encoding, glyphs that were taken for letters. Judged by statistics of some thousand characters
 * each; short texts and data are given the benefit of the doubt.
 */
export function findGarbledSpans(text: string): FlaggedSpan[] {
  const spans: FlaggedSpan[] = [];
  for (let start = 0; start < text.length; start += WINDOW) {
    const part = text.slice(start, start + WINDOW);
    if (isGarbled(part)) spans.push({ start, end: start + part.length, flag: 'garbled' });
  }
  return spans;
}

function isGarbled(part: string): boolean {
  const written = part.length - count(part, /\s/g);
  if (written < MIN_LETTERS / 4) return false;
  const unreadable = count(part, UNREADABLE) + 2 * count(part, MOJIBAKE);
  return unreadable > written * MAX_UNREADABLE || hasNoVowels(part) || hasOddHan(part) || isOfManyScripts(part);
}

function hasNoVowels(part: string): boolean {
  const words = part.normalize('NFD').match(/[A-Za-z]+/g) ?? [];
  const letters = words.join('');
  const isData = letters.length > words.length * MAX_WORD || count(part, SIGNS) > count(part, /\S/g) * MAX_SIGNS;
  if (letters.length < MIN_LETTERS || isData) return false;
  return count(letters, /[aeiouyAEIOUY]/g) < letters.length * MIN_VOWELS;
}

function hasOddHan(part: string): boolean {
  const han = count(part, /\p{Script=Han}/gu);
  const kana = count(part, /[\u3040-\u30FF]/g);
  return han >= MIN_LETTERS && count(part, COMMON_HAN) + kana < han * MIN_COMMON_HAN;
}

function isOfManyScripts(part: string): boolean {
  const letters = count(part, /\p{L}/gu);
  if (letters < MIN_LETTERS) return false;
  const shares = SCRIPTS.map((script) => count(part, script)).toSorted((a, b) => b - a);
  const [first = 0, second = 0] = shares;
  const scripts = shares.filter((share) => share > 0).length;
  return scripts >= MIN_SCRIPTS && letters - first - second > letters * MAX_FOREIGN;
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}
