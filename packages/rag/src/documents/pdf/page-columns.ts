import { findGutter } from './find-gutter.ts';
import type { Rule, Word } from './page-content.ts';
import { toRows, type Row } from './page-lines.ts';

/** Lines of one column, or what is as wide as the page, in the order of reading. */
export interface Column {
  rows: Row[];
}

/** Columns within columns, at most; deeper is no page of text. */
const MAX_DEPTH = 8;

/** Cuts a page at the white between its columns: above, left, right, below; each of them again. */
export function toColumns(words: readonly Word[], rules: readonly Rule[], depth = 0): Column[] {
  if (words.length === 0) return [];
  const rows = toRows(words, rules);
  const gutter = depth < MAX_DEPTH ? findGutter(words, rows) : null;
  if (!gutter) return [{ rows }];
  const parts: [Word[], Word[], Word[], Word[]] = [[], [], [], []];
  for (const word of words) parts[placeOf(word, gutter)].push(word);
  if (parts.some((part) => part.length === words.length)) return [{ rows }];
  return parts.flatMap((part) => toColumns(part, rules, depth + 1));
}

function placeOf({ x, right, y, size }: Word, gutter: { x: number; top: number; bottom: number }): 0 | 1 | 2 | 3 {
  // Raised marks stand above the first line, or below the last one, of their column.
  if (y < gutter.top - size / 2) return 0;
  if (y > gutter.bottom + size / 2) return 3;
  return (x + right) / 2 < gutter.x ? 1 : 2;
}
