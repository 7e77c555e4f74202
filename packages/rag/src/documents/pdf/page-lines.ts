import { joinWords } from './join-text.ts';
import type { Rule, Word } from './page-content.ts';

/** Words on one baseline without a wide gap: a line of a column, or what stands in a cell. */
export interface Segment {
  text: string;
  left: number;
  right: number;
  /** Baseline. */
  y: number;
  /** Of most of its letters. */
  size: number;
  isBold: boolean;
}

/** Segments on one baseline, from left to right. */
export interface Row {
  y: number;
  segments: Segment[];
}

/** Share of the letters' height within which baselines count as one. */
const SAME_BASELINE = 0.3;
/** A raised or lowered mark is smaller than this share of its neighbour, and this near to its line. */
const SMALL_MARK = 0.8;
const MARK_REACH = 0.7;
/** Gap, in heights of letters, that parts cells and columns, and never words. */
export const CELL_GAP = 1.1;

/** The lines of words, from top to bottom. All of `words` run from left to right. A rule between two words parts them. */
export function toRows(words: readonly Word[], rules: readonly Rule[]): Row[] {
  const baselines = raiseMarks(toBaselines(words));
  return baselines.map((onLine) => {
    const sorted = onLine.toSorted((a, b) => a.x - b.x);
    const segments = splitAtGaps(sorted, rules).map(toSegment);
    return { y: segments[0]?.y ?? 0, segments };
  });
}

function toBaselines(words: readonly Word[]): Word[][] {
  const lines: Word[][] = [];
  for (const word of words.toSorted((a, b) => a.y - b.y)) {
    const line = lines.at(-1);
    const first = line?.[0];
    const isSame = first && word.y - first.y <= SAME_BASELINE * Math.min(word.size, first.size);
    if (line && isSame) line.push(word);
    else lines.push([word]);
  }
  return lines;
}

/** Exponents and the like go to the line that they belong to. */
function raiseMarks(lines: Word[][]): Word[][] {
  return lines.filter((line, place) => {
    const neighbours = [lines[place + 1], lines[place - 1]];
    const home = neighbours.find((other) => other && line.every((word) => isMarkOf(word, other)));
    home?.push(...line);
    return !home;
  });
}

function isMarkOf(mark: Word, line: readonly Word[]): boolean {
  return line.some(({ x, right, y, size }) => {
    const isNear = Math.abs(mark.y - y) < MARK_REACH * size && mark.size < SMALL_MARK * size;
    return isNear && mark.x < right + 0.5 * size && mark.right > x - 0.5 * size;
  });
}

function splitAtGaps(sorted: readonly Word[], rules: readonly Rule[]): Word[][] {
  const parts: Word[][] = [];
  let end = -Infinity;
  for (const word of sorted) {
    const isParted = () =>
      rules.some(
        ({ x, top, bottom }) => x > end - 1 && x < word.x + 1 && top < word.y && bottom > word.y - word.size / 2,
      );
    if (word.x - end > CELL_GAP * word.size || isParted()) parts.push([word]);
    else parts.at(-1)?.push(word);
    end = Math.max(end, word.right);
  }
  return parts;
}

function toSegment(words: readonly Word[]): Segment {
  const main = words.reduce((most, word) => (word.text.length > most.text.length ? word : most));
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  const bold = words.reduce((sum, { text, isBold }) => sum + (isBold ? text.length : 0), 0);
  return {
    text: joinWords(words),
    left: Math.min(...words.map(({ x }) => x)),
    right: Math.max(...words.map(({ right }) => right)),
    y: main.y,
    size: main.size,
    isBold: bold > letters * 0.9,
  };
}
