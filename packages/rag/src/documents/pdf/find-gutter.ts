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

/** Times the usual distance of lines. */
const APART = 1.5;

interface Coverage {
  bins: Uint8Array;
  first: number;
  last: number;
}

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
  let best: Candidate | null = null;
  let gutter: Gutter | null = null;
  for (let bin = 1; bin < (right - left) / STEP - 1; bin += 1) {
    const found = longestWhite(covered, bin);
    if (!found || found.lines <= (best?.lines ?? MIN_LINES - 1)) continue;
    const here = toGutter(rows, found, left + (bin + 0.5) * STEP);
    if (widthAt(covered, found, bin) * STEP < MIN_WIDTH * size || !hasText(rows, here)) continue;
    [best, gutter] = [found, here];
  }
  return gutter;
}

/** Which steps of a row's width have text on them; words are kept together by the gaps that only lines have. */
function coverage({ segments }: Row, { left, right }: { left: number; right: number }): Coverage {
  const bins = new Uint8Array(Math.max(1, Math.ceil((right - left) / STEP)));
  for (const segment of segments) {
    bins.fill(1, Math.max(0, Math.floor((segment.left - left) / STEP)), Math.ceil((segment.right - left) / STEP));
  }
  return { bins, first: bins.indexOf(1), last: bins.lastIndexOf(1) };
}

/** The most rows in succession that leave a step white, counted on the side that has fewer of them. */
function longestWhite(covered: readonly Coverage[], bin: number): Candidate | null {
  let best: Candidate | null = null;
  let [first, before, after] = [0, 0, 0];
  for (let place = 0; place <= covered.length; place += 1) {
    const row = covered[place];
    if (row?.bins[bin] === 0) {
      if (row.first < bin) before += 1;
      if (row.last > bin) after += 1;
      continue;
    }
    const lines = Math.min(before, after);
    if (lines > (best?.lines ?? 0)) best = { first, last: place - 1, lines };
    [first, before, after] = [place + 1, 0, 0];
  }
  return best;
}

function widthAt(covered: readonly Coverage[], { first, last }: Candidate, bin: number): number {
  const isWhite = (place: number) => covered.slice(first, last + 1).every(({ bins }) => bins[place] === 0);
  let [from, to] = [bin, bin];
  while (from > 0 && isWhite(from - 1)) from -= 1;
  while (to < bin + 20 && isWhite(to + 1)) to += 1;
  return to - from + 1;
}

function toGutter(rows: readonly Row[], { first, last }: Candidate, x: number): Gutter {
  const within = rows.slice(first, last + 1);
  const [from, to] = trimmed(within, x);
  return { x, top: (within[from]?.y ?? 0) - 0.01, bottom: (within[to]?.y ?? 0) + 0.01 };
}

/**
 * Where the columns begin and end: short lines above or below them leave the gutter white too, but
 * stand apart from the columns and have nothing beside them.
 */
function trimmed(rows: readonly Row[], x: number): [first: number, last: number] {
  const distances = rows.slice(1).map(({ y }, place) => y - (rows[place]?.y ?? 0));
  const wide = median(distances.filter((distance) => distance > 1)) * APART;
  const hasLeft = rows.map(({ segments }) => segments.some(({ left }) => left < x));
  const hasRight = rows.map(({ segments }) => segments.some(({ right }) => right > x));
  const top = Math.max(hasLeft.indexOf(true), hasRight.indexOf(true));
  const bottom = Math.min(hasLeft.lastIndexOf(true), hasRight.lastIndexOf(true));
  const lastAbove = distances.findLastIndex((distance, place) => place < top && distance > wide);
  const firstBelow = distances.findIndex((distance, place) => place >= bottom && distance > wide);
  return [lastAbove + 1, firstBelow === -1 ? rows.length - 1 : firstBelow];
}

function hasText(rows: readonly Row[], { x, top, bottom }: Gutter): boolean {
  const within = rows.filter(({ y }) => y >= top && y <= bottom);
  return [true, false].every((isLeft) => {
    const lines = within.flatMap(({ segments }) => {
      const side = segments.filter((segment) => segment.right < x === isLeft);
      const [first, last] = [side[0], side.at(-1)];
      return first && last ? [(last.right - first.left) / first.size] : [];
    });
    return median(lines) >= MIN_LINE;
  });
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
