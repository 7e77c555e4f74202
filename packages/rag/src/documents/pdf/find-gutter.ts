import type { Row } from './page-lines.ts';
import type { Word } from './page-content.ts';

/** White from top to bottom between two columns of running text. */
export interface Gutter {
  /** Somewhere in the white. */
  x: number;
  top: number;
  bottom: number;
}

/** Points; how finely the page is searched. */
const STEP = 3;
/** Lines that a column has at least; fewer are a table, or chance. */
const MIN_LINES = 4;
/** In heights of letters: half of the lines of a column are longer, or it is a column of a table. */
const MIN_LINE = 9;
/** In heights of letters. */
const MIN_WIDTH = 0.7;

interface Candidate {
  first: number;
  last: number;
  lines: number;
}

/** The whitest gutter with running text on both sides; null when the words are in one column, or in a table. */
export function findGutter(words: readonly Word[], rows: readonly Row[]): Gutter | null {
  const left = Math.min(...words.map(({ x }) => x));
  const right = Math.max(...words.map((word) => word.right));
  const size = median(words.map((word) => word.size));
  const covered = rows.map((row) => coverage(row, { left, right }));
  let best: (Gutter & { lines: number }) | null = null;
  for (let bin = 1; bin < (right - left) / STEP - 1; bin += 1) {
    const found = longestWhite(covered, bin);
    if (!found || found.lines <= (best?.lines ?? MIN_LINES - 1)) continue;
    const gutter = toGutter(rows, found, left + (bin + 0.5) * STEP);
    if (widthAt(covered, found, bin) * STEP >= MIN_WIDTH * size && hasText(rows, gutter)) best = { ...gutter, lines: found.lines };
  }
  return best;
}

/** Which steps of a row's width have text on them; words are kept together by the gaps that only lines have. */
function coverage({ segments }: Row, { left, right }: { left: number; right: number }): Uint8Array {
  const bins = new Uint8Array(Math.max(1, Math.ceil((right - left) / STEP)));
  for (const segment of segments) {
    bins.fill(1, Math.max(0, Math.floor((segment.left - left) / STEP)), Math.ceil((segment.right - left) / STEP));
  }
  return bins;
}

/** The most rows in succession that leave a step white, counted on the side that has fewer of them. */
function longestWhite(covered: readonly Uint8Array[], bin: number): Candidate | null {
  let best: Candidate | null = null;
  let [first, before, after] = [0, 0, 0];
  for (let place = 0; place <= covered.length; place += 1) {
    const bins = covered[place];
    if (bins && bins[bin] === 0) {
      if (bins.lastIndexOf(1, bin) !== -1) before += 1;
      if (bins.includes(1, bin)) after += 1;
      continue;
    }
    const lines = Math.min(before, after);
    if (lines > (best?.lines ?? 0)) best = { first, last: place - 1, lines };
    [first, before, after] = [place + 1, 0, 0];
  }
  return best;
}

function widthAt(covered: readonly Uint8Array[], { first, last }: Candidate, bin: number): number {
  const isWhite = (place: number) => covered.slice(first, last + 1).every((bins) => bins[place] === 0);
  let [from, to] = [bin, bin];
  while (from > 0 && isWhite(from - 1)) from -= 1;
  while (to < bin + 20 && isWhite(to + 1)) to += 1;
  return to - from + 1;
}

function toGutter(rows: readonly Row[], { first, last }: Candidate, x: number): Gutter {
  return { x, top: (rows[first]?.y ?? 0) - 0.01, bottom: (rows[last]?.y ?? 0) + 0.01 };
}

function hasText(rows: readonly Row[], { x, top, bottom }: Gutter): boolean {
  const within = rows.filter(({ y }) => y >= top && y <= bottom);
  return [true, false].every((isLeft) => {
    const lines = within.flatMap(({ segments }) => {
      const side = segments.filter((segment) => (segment.right < x) === isLeft);
      const [first, last] = [side[0], side.at(-1)];
      return first && last ? [(last.right - first.left) / first.size] : [];
    });
    return median(lines) >= MIN_LINE;
  });
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
