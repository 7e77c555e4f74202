import type { MergedArea, SheetCell, SheetRow } from './read-sheet.ts';

/** Rows of a sheet without an empty one between them, as a table. */
export interface TableBlock {
  /** What stands above the table: a title, a note. */
  lines: string[];
  columns: number[];
  head: string[];
  rows: SheetRow[];
}

export interface TableSurroundings {
  merged: readonly MergedArea[];
  /** The table above it: one that only goes on after a gap has no head of its own. */
  before: TableBlock | null;
}

/** A head of more rows than this is none. */
const MAX_HEAD_ROWS = 4;

/** Tells lines, head and rows apart. */
export function toTableBlock(all: readonly SheetRow[], { merged, before }: TableSurroundings): TableBlock {
  const lineCount = countLines(all);
  const lines = all.slice(0, lineCount).map(lineOf);
  const rows = all.slice(lineCount);
  const columns = columnsOf(rows);
  const goesOn = before !== null && isSameWidth(before.columns, columns) && !looksLikeHead(rows[0]);
  if (goesOn) return { lines, columns: before.columns, head: before.head, rows };
  const headRows = rows.slice(0, countHeadRows(rows, merged));
  return {
    lines,
    columns,
    head: columns.map((column) => headText(headRows, column)),
    rows: rows.slice(headRows.length),
  };
}

/** Rows with one text only, merged over the table or not, before the first with several. */
function countLines(rows: readonly SheetRow[]): number {
  const first = rows.findIndex(({ cells }) => distinctTexts(cells).size > 1);
  return first === -1 ? rows.length : first;
}

function lineOf({ cells }: SheetRow): string {
  return [...distinctTexts(cells)].join(' ').trim();
}

function distinctTexts(cells: ReadonlyMap<number, SheetCell>): Set<string> {
  return new Set(Array.from(cells.values(), ({ text }) => text));
}

function columnsOf(rows: readonly SheetRow[]): number[] {
  const columns = new Set<number>();
  for (const { cells } of rows) for (const column of cells.keys()) columns.add(column);
  return [...columns].toSorted((first, second) => first - second);
}

function isSameWidth(first: readonly number[], second: readonly number[]): boolean {
  return second.length > 0 && second.every((column) => first.includes(column));
}

function looksLikeHead(row: SheetRow | undefined): boolean {
  return row !== undefined && row.cells.values().every(({ isValue }) => !isValue);
}

/** A cell that is merged over several columns has what it groups in the row below. */
function countHeadRows(rows: readonly SheetRow[], merged: readonly MergedArea[]): number {
  let count = 1;
  while (count < Math.min(rows.length, MAX_HEAD_ROWS)) {
    const number = rows[count - 1]?.number ?? 0;
    const below = merged.filter(({ top, bottom }) => top <= number && number <= bottom);
    const groups = below.some(({ left, right, bottom }) => right > left && bottom === number);
    const reaches = below.some(({ bottom }) => bottom > number);
    if (!groups && !(reaches && count === 1)) break;
    if (!looksLikeHead(rows[count])) break;
    count += 1;
  }
  return count;
}

function headText(rows: readonly SheetRow[], column: number): string {
  const texts = rows.map(({ cells }) => cells.get(column)?.text.trim() ?? '').filter((text) => text !== '');
  return [...new Set(texts)].join(' / ');
}
