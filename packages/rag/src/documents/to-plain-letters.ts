/** A text in letters that can be compared, and where each of its characters stood. */
export interface PlainText {
  text: string;
  placeOf: (index: number) => number;
}

const NO_WIDTH = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF\u180E]|[\uFE00-\uFE0F]/g;
/** Letters of other scripts that look like Latin ones; as many on the right. */
const LOOKALIKES = 'аеорсухіјѕԁһӏԛԝοανκιτɑɡ';
const LATIN = 'aeopcyxijsdhlqwoavkitag';
const LOOKALIKE = new RegExp(`[${LOOKALIKES}]`, 'g');
const LATIN_OF = new Map([...LOOKALIKES].map((letter, place) => [letter, LATIN.charAt(place)]));

/**
 * `text` in lower case, wide letters made narrow, lookalikes made Latin, characters without width
 * left out. Whoever writes for a model and hides from a search uses one of these.
 */
export function toPlainLetters(text: string): PlainText {
  const { kept, places } = withoutWidthless(text);
  const lower = kept
    .replaceAll(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return { text: mixedWordsInLatin(lower), placeOf: (index) => places?.[index] ?? index };
}

/** Words of Latin letters and lookalikes; a word wholly in Russian or Greek stays what it is. */
function mixedWordsInLatin(text: string): string {
  LOOKALIKE.lastIndex = 0;
  if (!LOOKALIKE.test(text)) return text;
  return text.replaceAll(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]+/gu, (word) =>
    /[a-z]/.test(word) ? word.replaceAll(LOOKALIKE, (letter) => LATIN_OF.get(letter) ?? letter) : word,
  );
}

// Most texts have none: then nothing is copied.
function withoutWidthless(text: string): { kept: string; places: Uint32Array | null } {
  if (text.search(NO_WIDTH) === -1) return { kept: text, places: null };
  const places = new Uint32Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charAt(index).search(NO_WIDTH) === -1) places[length++] = index;
  }
  return { kept: text.replaceAll(NO_WIDTH, ''), places };
}
