import type { MergedArea, Sheet, SheetRow } from './read-sheet.ts';

/** An area of more cells is a background, no heading. */
const MAX_AREA = 5_000;

/** Writes the value of each merged area into all its cells, so that a row or a head says all of its own. */
export function fillMerged({ rows, merged }: Sheet): void {
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  for (const area of merged) {
    const { top, bottom, left, right } = area;
    if ((bottom - top + 1) * (right - left + 1) > MAX_AREA) continue;
    const value = byNumber.get(top)?.cells.get(left);
    if (!value) continue;
    for (let number = top; number <= bottom; number += 1) fillRow(byNumber.get(number), area, value);
  }
}

function fillRow(row: SheetRow | undefined, { left, right }: MergedArea, value: { text: string; isValue: boolean }) {
  for (let column = left; row && column <= right; column += 1) {
    if (!row.cells.has(column)) row.cells.set(column, value);
  }
}
