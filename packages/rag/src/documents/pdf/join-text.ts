import type { Word } from './page-content.ts';

const CJK = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF01-\uFF65]`;
const ENDS_CJK = new RegExp(`${CJK}$`, 'u');
const STARTS_CJK = new RegExp(`^${CJK}`, 'u');
const BETWEEN_HAN = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;
/** Gap, in heights of letters, that is a space; between Latin letters even without a space glyph. */
const SPACE_GAP = 0.16;

/** The words of a line. Chinese has no spaces between words, however its glyphs are set. */
export function joinWords(words: readonly Pick<Word, 'text' | 'x' | 'right' | 'size' | 'isSpaced'>[]): string {
  const [first, ...rest] = words;
  if (!first) return '';
  let text = first.text;
  let end = first.right;
  for (const word of rest) {
    const isBesideCjk = ENDS_CJK.test(text) || STARTS_CJK.test(word.text);
    // Typesetting leaves a little room between Chinese and Latin; only a space that was written is one.
    const isSpace = word.isSpaced || (!isBesideCjk && word.x - end > SPACE_GAP * word.size);
    text += (isSpace ? ' ' : '') + word.text;
    end = word.right;
  }
  return isLetterSpaced(text) ? text.replaceAll(BETWEEN_HAN, '') : text;
}

/** Text recognition and wide titles set each Chinese letter apart: those spaces part no words. */
function isLetterSpaced(text: string): boolean {
  const spaces = text.match(BETWEEN_HAN)?.length ?? 0;
  return spaces > 0 && spaces >= (text.match(/\p{Script=Han}/gu)?.length ?? 0) / 2;
}

/** Two lines of one paragraph: with a space, without one in Chinese, and a word that was parted made whole. */
export function joinLines(before: string, next: string): string {
  if (before.endsWith('\u00AD')) return before.slice(0, -1) + next;
  if (/\p{Ll}[-‐]$/u.test(before) && /^\p{Ll}/u.test(next)) return before.slice(0, -1) + next;
  if (/\p{L}[-‐–—/]$/u.test(before)) return before + next;
  return ENDS_CJK.test(before) || STARTS_CJK.test(next) ? before + next : `${before} ${next}`;
}

/** A sentence may end here. */
export function endsSentence(text: string): boolean {
  return /[.!?。！？…:：;；][”’"'）)】」]*$/u.test(text);
}
