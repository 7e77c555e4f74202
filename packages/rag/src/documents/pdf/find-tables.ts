import { median } from './find-gutter.ts';
import type { Row, Segment } from './page-lines.ts';

/** Rows of a page in order: a table with its cells, or lines of text. */
export type Part = { kind: 'table'; rows: Row[]; cells: string[][] } | { kind: 'lines'; rows: Row[] };

/** Share of rows whose text may run over a gap between columns: heads that span several. */
const MAX_SPANNING = 0.2;
/** In heights of letters: a column whose cells are mostly longer is running text. */
const MAX_CELL = 12;
/** In heights of letters: white between two columns; they may be parted by a line only. */
const MIN_WHITE = 0.1;
/** Rows further apart than this many times the usual distance are no one table. */
const MAX_DISTANCE = 3;

interface Range {
  left: number;
  right: number;
}

/** Finds tables by their cells standing below each other. Lines drawn on the page are not looked at. */
export function findTables(rows: readonly Row[]): Part[] {
  const parts: Part[] = [];
  for (const run of toRuns(rows)) {
    const columns = run.isTabular ? columnsOf(run.rows) : [];
    const cells = run.isTabular && isTable(run.rows, columns) ? toCells(run.rows, columns) : null;
    const last = parts.at(-1);
    if (cells) parts.push({ kind: 'table', rows: run.rows, cells });
    else if (last?.kind === 'lines') last.rows.push(...run.rows);
    else parts.push({ kind: 'lines', rows: [...run.rows] });
  }
  return parts;
}

/** Rows of several segments in succession, single ones between them included; and what is between those. */
function toRuns(rows: readonly Row[]): { isTabular: boolean; rows: Row[] }[] {
  const runs: { isTabular: boolean; rows: Row[] }[] = [];
  const pitch = median(rows.slice(1).map((row, place) => row.y - (rows[place]?.y ?? 0)));
  for (const [place, row] of rows.entries()) {
    const next = rows[place + 1];
    const last = runs.at(-1);
    const before = last?.rows.at(-1);
    const isFar = before !== undefined && row.y - before.y > MAX_DISTANCE * pitch;
    const isBetween = last?.isTabular === true && next !== undefined && next.segments.length > 1;
    const isTabular = row.segments.length > 1 || (isBetween && !isFar);
    if (last && last.isTabular === isTabular && !isFar) last.rows.push(row);
    else runs.push({ isTabular, rows: [row] });
  }
  return runs;
}

/** Where cells stand below each other: the ranges that are covered in most rows, parted by white. */
function columnsOf(rows: readonly Row[]): Range[] {
  const edges = rows
    .flatMap(({ segments }) => segments)
    .flatMap(({ left, right }) => [
      { x: left, change: 1 },
      { x: right, change: -1 },
    ])
    .toSorted((a, b) => a.x - b.x || b.change - a.change);
  const columns: Range[] = [];
  let depth = 0;
  const isText = () => depth > rows.length * MAX_SPANNING;
  for (const { x, change } of edges) {
    const was = isText();
    depth += change;
    const last = columns.at(-1);
    if (!was && isText()) columns.push({ left: x, right: x });
    if (was && !isText() && last) last.right = x;
  }
  return mergeNear(columns, median(rows.flatMap(({ segments }) => segments.map(({ size }) => size))));
}

function mergeNear(columns: readonly Range[], size: number): Range[] {
  const merged: Range[] = [];
  for (const column of columns) {
    const last = merged.at(-1);
    if (last && column.left - last.right < MIN_WHITE * size) last.right = column.right;
    else merged.push({ ...column });
  }
  return merged;
}

function isTable(rows: readonly Row[], columns: readonly Range[]): boolean {
  if (columns.length < 2 || rows.length < (columns.length > 2 ? 2 : 3)) return false;
  const filled = rows.filter(({ segments }) => new Set(segments.map((segment) => columnOf(segment, columns))).size > 1);
  if (filled.length < rows.length * 0.6) return false;
  return columns.some((_, place) => {
    const cells = rows.flatMap(({ segments }) => segments.filter((segment) => columnOf(segment, columns) === place));
    return cells.length > 1 && median(cells.map(({ left, right, size }) => (right - left) / size)) < MAX_CELL;
  });
}

/** The column that a segment shares most with; else the nearest. */
function columnOf({ left, right }: Segment, columns: readonly Range[]): number {
  const shared = columns.map((column) => Math.min(right, column.right) - Math.max(left, column.left));
  return shared.indexOf(Math.max(...shared));
}

/** One line of text per cell; a line that continues the row above, close below it, is joined to it. */
function toCells(rows: readonly Row[], columns: readonly Range[]): string[][] {
  const distances = rows.slice(1).map((row, place) => row.y - (rows[place]?.y ?? 0));
  const pitch = median(distances);
  const table: string[][] = [];
  for (const [place, row] of rows.entries()) {
    const cells = columns.map((_, column) => textIn(row, { column, columns }));
    const last = table.at(-1);
    const isClose = (distances[place - 1] ?? Infinity) < pitch * 0.8;
    if (last && isClose && cells[0] === '')
      cells.forEach((cell, column) => (last[column] = `${last[column]} ${cell}`.trim()));
    else table.push(cells);
  }
  return table;
}

function textIn({ segments }: Row, { column, columns }: { column: number; columns: readonly Range[] }): string {
  return segments
    .filter((segment) => columnOf(segment, columns) === column)
    .map(({ text }) => text)
    .join(' ');
}
