import { writeTable } from '../tables/write-table.ts';
import { fillMerged } from './fill-merged.ts';
import type { Sheet, SheetRow } from './read-sheet.ts';
import { toTableBlock, type TableBlock } from './table-block.ts';

/** A sheet under its name: its tables, which empty rows part, and the lines above them. */
export function sheetText(name: string, sheet: Sheet, maxLength: number): string {
  fillMerged(sheet);
  const blocks: string[] = [];
  let before: TableBlock | null = null;
  for (const rows of partByEmptyRows(sheet.rows)) {
    const block = toTableBlock(rows, { merged: sheet.merged, before });
    blocks.push(...block.lines);
    if (block.columns.length > 0 && block.head.length > 0) {
      blocks.push(writeTable({ head: block.head, rows: tableRows(block), maxLength }));
      before = block;
    }
  }
  return blocks.length === 0 ? '' : `## ${name}\n\n${blocks.join('\n\n')}`;
}

function tableRows({ rows, columns }: TableBlock): Iterable<readonly string[]> {
  return rows.values().map(({ cells }) => columns.map((column) => cells.get(column)?.text ?? ''));
}

function partByEmptyRows(rows: readonly SheetRow[]): SheetRow[][] {
  const parts: SheetRow[][] = [];
  for (const row of rows) {
    const open = parts.at(-1);
    const last = open?.at(-1);
    if (open && last && row.number === last.number + 1) open.push(row);
    else parts.push([row]);
  }
  return parts;
}
