/** The scripts that write words without spaces between them: Han, Kana, Hangul, as a regular expression class. */
export const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー`;

const CJK_CHARACTERS = new RegExp(`[${CJK}]`, 'gu');

/** How many characters of `text` are Han, Kana or Hangul. */
export function countCjk(text: string): number {
  return text.match(CJK_CHARACTERS)?.length ?? 0;
}
