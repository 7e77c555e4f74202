import type { IndexedChunk } from '@parley/rag';

/** Words of each language, and how many a passage, a heading and a question have. */
const VOCABULARY = { en: 60_000, zh: 40_000 };
const PASSAGE_WORDS = { en: [80, 220], zh: [120, 320] } as const;
const QUERY_WORDS = [3, 12] as const;
const SYLLABLES =
  'ba ce di fo gu ha ji ko lu me ni po qua re si to ve wi xa yo zu sta pre tri con ter ment ing ers ous al'.split(' ');
const FIRST_HAN = 0x4e00;
/** The characters that are in everyday use, about. */
const HAN = 3_500;

/**
 * How much the most frequent ones stand out. Words are those that an index keeps, without "the" and
 * "of": the first is in every second passage. The first characters are in nearly all, as 的 is.
 */
const WORD_SHIFT = 30;
const HAN_SHIFT = 10;

/** 0 to 1. */
export type Random = () => number;
export type Language = keyof typeof VOCABULARY;

/**
 * A text maker: words as often as in real text (the word of rank r with a frequency of about 1/r,
 * Zipf's law), English ones of syllables, Chinese ones of one to three characters that are
 * themselves unevenly frequent. The same seed makes the same texts.
 */
export class PassageMaker {
  readonly #random: Random;
  readonly #words: Record<Language, string[]>;

  constructor(random: Random) {
    this.#random = random;
    this.#words = {
      en: Array.from({ length: VOCABULARY.en }, () => this.#englishWord()),
      zh: Array.from({ length: VOCABULARY.zh }, () => this.#chineseWord()),
    };
  }

  /** A document's passages; every other document is Chinese. */
  document(number: number, passages: number): IndexedChunk[] {
    const language = number % 2 === 0 ? 'en' : 'zh';
    const title = this.#text(language, [3, 9]);
    return Array.from({ length: passages }, (_, place) => ({
      id: `passage-${number}-${place}`,
      title,
      headingPath: [this.#text(language, [2, 5]), this.#text(language, [2, 6])],
      text: this.#text(language, PASSAGE_WORDS[language]),
    }));
  }

  query(number: number): string {
    return this.#text(number % 2 === 0 ? 'en' : 'zh', QUERY_WORDS);
  }

  #text(language: Language, [least, most]: readonly [number, number]): string {
    const count = least + Math.floor(this.#random() * (most - least + 1));
    const words = Array.from(
      { length: count },
      () => this.#words[language][this.#zipf(VOCABULARY[language], WORD_SHIFT)] ?? '',
    );
    return language === 'en' ? `${words.join(' ')}.` : `${words.join('')}。`;
  }

  /** A rank from 0 with a frequency of about 1 / (rank + shift), as Mandelbrot has it for words. */
  #zipf(ranks: number, shift: number): number {
    return Math.floor(shift * ((ranks + shift) / shift) ** this.#random() - shift);
  }

  #englishWord(): string {
    const syllables = 1 + Math.floor(this.#random() * 4);
    return Array.from({ length: syllables }, () => SYLLABLES[Math.floor(this.#random() * SYLLABLES.length)]).join('');
  }

  #chineseWord(): string {
    const characters = 1 + Math.floor(this.#random() ** 1.5 * 3);
    return Array.from({ length: characters }, () => String.fromCodePoint(FIRST_HAN + this.#zipf(HAN, HAN_SHIFT))).join(
      '',
    );
  }
}
