import { randomInt } from 'node:crypto';
import type { FlaggedSpan } from '../../parsing/reader-events.ts';

/** Around text that a reader of the document would not have seen, until `readMarks` takes them out again. */
export interface TextMarks {
  open: string;
  close: string;
}

const OPEN = '\uFDD0';
const CLOSE = '\uFDD1';
/** Code points that are no characters and stand in no text that means well. */
const FIRST_DIGIT = 0xfdd2;
const DIGITS = 0xfdef - FIRST_DIGIT + 1;
const KEY_LENGTH = 4;

/** Marks that a document cannot know, and so cannot close before its hidden text ends. */
export function createMarks(random: (below: number) => number = randomInt): TextMarks {
  const key = String.fromCharCode(...Array.from({ length: KEY_LENGTH }, () => FIRST_DIGIT + random(DIGITS)));
  return { open: OPEN + key, close: CLOSE + key };
}

const NO_CHARACTERS = /[\uFDD0-\uFDEF]/g;

export interface CleanText {
  text: string;
  flaggedSpans: FlaggedSpan[];
}

/** Takes marks, and what else is no character, out of a text, and says where marked parts stand in what is left. */
export function readMarks(marked: string, marks: TextMarks | null): CleanText {
  const reader = new MarkReader();
  const pieces = marks ? marked.split(marks.open.slice(1)) : [marked];
  for (const [place, piece] of pieces.entries()) {
    // The key follows its mark, so that the mark is the end of the piece before.
    const mark = place < pieces.length - 1 ? piece.at(-1) : undefined;
    const isMark = mark === OPEN || mark === CLOSE;
    reader.add((isMark ? piece.slice(0, -1) : piece).replaceAll(NO_CHARACTERS, ''));
    if (isMark) reader.turn(mark === OPEN ? 1 : -1);
  }
  return reader.end();
}

/** Holds pieces instead of the text: looking into a text that still grows copies it each time. */
class MarkReader {
  readonly #pieces: string[] = [];
  readonly #spans: FlaggedSpan[] = [];
  #length = 0;
  #depth = 0;
  /** Whether there was anything to read since the last span. */
  #isApart = true;

  add(piece: string): void {
    const start = this.#length;
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (piece.trim() === '') return;
    if (this.#depth === 0) this.#isApart = true;
    else this.#flag(start + piece.search(/\S/), start + piece.trimEnd().length);
  }

  /** Into a marked part, or out of it; one that was never opened closes nothing. */
  turn(by: 1 | -1): void {
    this.#depth = Math.max(0, this.#depth + by);
  }

  end(): CleanText {
    return { text: this.#pieces.join(''), flaggedSpans: this.#spans };
  }

  /** Parts with nothing between them are one. */
  #flag(start: number, end: number): void {
    const last = this.#spans.at(-1);
    if (last && !this.#isApart) last.end = end;
    else this.#spans.push({ start, end, flag: 'hidden-text' });
    this.#isApart = false;
  }
}
