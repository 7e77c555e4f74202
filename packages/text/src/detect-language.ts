import { ENGLISH_STOP_WORDS } from './stop-words.ts';

/** The languages that Parley speaks. */
export type Language = 'en' | 'zh';

const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+/g;
const HAN = /\p{Script=Han}/gu;
const LATIN_WORD = /\p{Script=Latin}+(?:[-_.'’]\p{Script=Latin}+)*/gu;

/**
 * The language that `text` is mostly in; code and addresses do not count. One Han character
 * weighs as much as one Latin word, and Latin names alone ("怎么用 npm run parley") do not make a
 * Chinese sentence English. Text in neither script is `en`.
 */
export function detectLanguage(text: string): Language {
  const prose = text.replaceAll(CODE, ' ');
  const han = prose.match(HAN)?.length ?? 0;
  if (han === 0) return 'en';
  const words = prose.match(LATIN_WORD) ?? [];
  const isEnglishSentence = words.some((word) => ENGLISH_STOP_WORDS.has(word.toLowerCase()));
  return han >= words.length || !isEnglishSentence ? 'zh' : 'en';
}
