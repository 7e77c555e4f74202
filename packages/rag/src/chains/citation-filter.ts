import { CodeTracker } from './code-tracker.ts';

/** What may still become a mark, or an image, with the blanks before it. */
const UNFINISHED = /^[ \t]*(?:!?(?:[[【［][\^\p{Nd}\s,，、;；:\-–]*(?:†[^\]】］\n]*)?)?)?$/u;
const NUMBER = String.raw`\^?\p{Nd}{1,3}(?::\p{Nd}+(?=†))?`;
const MARK = new RegExp(
  String.raw`^([ \t]*)(!?)[[【［]\s*(${NUMBER}(?:\s*[,，、;；\-–]\s*${NUMBER})*)\s*(?:†[^\]】］\n]*)?[\]】］]$`,
  'u',
);
/** Longer than any mark. */
const MOST_HELD = 80;

/**
 * Checks the marks of citations in an answer as it streams: `[1]`, also written `【1】`, `[1, 2]`,
 * `[1-3]` or `[^1]`, becomes `[1]`; one that leads to no source is taken out, with the blanks before
 * it. Code is left alone. An image becomes a link, because a page that shows it tells its host what
 * was asked; and no link or definition can be made of a mark. Holds back at most an unfinished mark
 * and the blanks before it.
 */
export class CitationFilter {
  readonly #sources: number;
  readonly #code = new CodeTracker();
  #held = '';
  /** The marks since the last other text: said once is enough. */
  readonly #marks = new Set<number>();
  /** A mark was the last that was shown; `line`: and the first of its line. */
  #after: 'mark' | 'line' | null = null;

  /** Marks from 1 to `sources` are kept. */
  constructor(sources: number) {
    this.#sources = sources;
  }

  /** What can be shown now. */
  push(piece: string): string {
    let shown = '';
    for (const character of piece) shown += this.#take(character);
    return shown;
  }

  /** What was held back to the end. */
  end(): string {
    return this.#release();
  }

  #take(character: string): string {
    if (this.#held === '' && this.#code.isInside(character)) return this.#show(character);
    const held = this.#held + character;
    const mark = MARK.exec(held);
    if (mark) {
      this.#held = '';
      return this.#showMarks(mark);
    }
    if (held.length <= MOST_HELD && UNFINISHED.test(held)) {
      this.#held = held;
      return '';
    }
    return this.#held === '' ? this.#show(character) : this.#release() + this.#take(character);
  }

  #showMarks([, blanks = '', shout = '', numbers = '']: RegExpExecArray): string {
    const before = shout === '' ? '' : this.#show(blanks + shout);
    const fresh = numbersOf(numbers).filter((number) => number <= this.#sources && !this.#marks.has(number));
    if (fresh.length === 0) return before;
    const after = this.#code.isLineBlank ? 'line' : 'mark';
    const marks = fresh.map((number) => `[${number}]`).join('');
    const text = shout === '' ? blanks + marks : marks;
    this.#code.follow(text);
    for (const number of fresh) this.#marks.add(number);
    this.#after = after;
    return before + text;
  }

  #release(): string {
    const held = this.#held;
    this.#held = '';
    return held === '' ? '' : this.#show(held.replace(/!(?=[[【［])/, ''));
  }

  #show(text: string): string {
    // "[1](address)" would be a link, and "[1]: address" would make one of every mark.
    const isMade = (this.#after !== null && text.startsWith('(')) || (this.#after === 'line' && text.startsWith(':'));
    this.#after = null;
    if (text.trim() !== '') this.#marks.clear();
    this.#code.follow(text);
    return isMade ? ` ${text}` : text;
  }
}

/** `1, 3-5` as numbers; what is no range that a person would write is taken as its two ends. */
function numbersOf(list: string): number[] {
  const plain = list.normalize('NFKC').replaceAll(/[\^\s]|:\d+/g, '');
  const numbers = plain.split(/[,、;]/).flatMap((part) => {
    const [from = 0, to = from] = part.split(/[-–]/).map(Number);
    return to > from && to - from < 20 ? Array.from({ length: to - from + 1 }, (_, place) => from + place) : [from, to];
  });
  return [...new Set(numbers)].filter((number) => number > 0);
}
