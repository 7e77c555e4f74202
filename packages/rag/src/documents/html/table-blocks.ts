import { inlineText, tidyInline } from './inline-text.ts';
import { isElement, type PageElement } from './page-node.ts';

/** Cells that span more are made up to be large. */
const MAX_SPAN = 100;
/** A grid of more cells than this is no table to read. */
const MAX_CELLS = 100_000;

/**
 * A table as Markdown rows under its caption, the first row its head. Null for one that only lays
 * out a page: with a single column or row, or another table inside.
 */
export function tableBlocks(table: PageElement): string[] | null {
  if (table.getAttribute('role') === 'presentation' || table.querySelector('table')) return null;
  const rows = toGrid(table) ?? [];
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  if (rows.length < 2 || width < 2 || rows.length * width > MAX_CELLS) return null;
  const lines = rows.map((row) => toLine(Array.from({ length: width }, (_, column) => row[column] ?? '')));
  lines.splice(1, 0, toLine(Array.from({ length: width }, () => '---')));
  const caption = table.querySelector('caption');
  const title = caption ? tidyInline(inlineText(caption)) : '';
  return [...(title === '' ? [] : [title]), lines.join('\n')];
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/**
 * The cells by row and column; one that spans several rows stands in each, so that a row says all
 * of its own. Null when there are too many.
 */
function toGrid(table: PageElement): string[][] | null {
  const rows = [...table.querySelectorAll('tr')];
  const grid = rows.map((): string[] => []);
  let count = 0;
  for (const [place, row] of rows.entries()) {
    let column = 0;
    for (const cell of [...row.childNodes].filter(isCell)) {
      while (grid[place]?.[column] !== undefined) column += 1;
      const [width, height] = [spanOf(cell, 'colspan'), spanOf(cell, 'rowspan')];
      count += width * height;
      if (count > MAX_CELLS) return null;
      const texts = [cellText(cell), ...Array.from({ length: width - 1 }, () => '')];
      for (const below of grid.slice(place, place + height)) fill(below, column, texts);
      column += width;
    }
  }
  return grid.filter((row) => row.some((cell) => cell !== ''));
}

function fill(row: string[], column: number, texts: readonly string[]): void {
  for (const [offset, text] of texts.entries()) row[column + offset] = text;
}

function isCell(node: Parameters<typeof isElement>[0]): node is PageElement {
  return isElement(node) && (node.tagName === 'TD' || node.tagName === 'TH');
}

function spanOf(cell: PageElement, name: 'colspan' | 'rowspan'): number {
  const span = Number(cell.getAttribute(name) ?? 1);
  return span > 1 ? Math.min(Math.trunc(span), MAX_SPAN) : 1;
}

function cellText(cell: PageElement): string {
  return tidyInline(inlineText(cell)).replaceAll('\n', ' ').replaceAll('|', '\\|');
}
