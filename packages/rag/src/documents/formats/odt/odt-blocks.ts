import { writeTable } from '../tables/write-table.ts';
import { attributeOf } from '../xml/scan-xml.ts';
import { childElements, type XmlElement } from '../xml/xml-tree.ts';

/** What a person does not see in the text: former versions, notes at the margin, forms, declarations. */
const SKIPPED = new Set([
  'tracked-changes',
  'annotation',
  'forms',
  'sequence-decls',
  'variable-decls',
  'table-of-content',
]);
/** Cells that are repeated more are made up to be many. */
const MAX_REPEATED = 100;
const MAX_TABLE_LENGTH = 5_000_000;

/** The blocks of a text, or of a part of it. */
export function odtBlocks(parent: XmlElement): string[] {
  return childElements(parent).flatMap((element) => {
    if (SKIPPED.has(element.name)) return [];
    if (element.name === 'h')
      return filled(`${'#'.repeat(levelOf(element))} `, inlineText(element).replaceAll('\n', ' '));
    if (element.name === 'p') return filled('', inlineText(element));
    if (element.name === 'list') return filled('', listLines(element, 0).join('\n'));
    return element.name === 'table' ? tableBlock(element) : odtBlocks(element);
  });
}

function filled(mark: string, text: string): string[] {
  return text === '' ? [] : [mark + text];
}

function levelOf({ attributes }: XmlElement): number {
  return Math.min(Math.max(Number(attributeOf(attributes, 'outline-level') ?? 1) || 1, 1), 6);
}

/** Text with its blanks, tabs and line breaks, which are elements here. */
function inlineText(element: XmlElement): string {
  return runText(element)
    .replaceAll(/[^\S\n]+/g, ' ')
    .trim();
}

function runText(element: XmlElement): string {
  return element.children
    .map((child) => {
      if (typeof child === 'string') return child.replaceAll(/\s+/g, ' ');
      if (SKIPPED.has(child.name)) return '';
      if (child.name === 'line-break') return '\n';
      return child.name === 's' || child.name === 'tab' ? ' ' : runText(child);
    })
    .join('');
}

function listLines(list: XmlElement, depth: number): string[] {
  return childElements(list).flatMap((item) =>
    childElements(item).flatMap((part) => {
      if (part.name === 'list') return listLines(part, depth + 1);
      return filled(`${'  '.repeat(depth)}- `, inlineText(part).replaceAll('\n', ' '));
    }),
  );
}

function tableBlock(table: XmlElement): string[] {
  const rows = rowsOf(table).filter((row) => row.some((text) => text !== ''));
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const [head, ...body] = rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ''));
  return head ? [writeTable({ head, rows: body, maxLength: MAX_TABLE_LENGTH })] : [];
}

/** Rows may stand in groups: those of the head, those that belong together. */
function rowsOf(parent: XmlElement): string[][] {
  return childElements(parent).flatMap((element) => {
    if (element.name !== 'table-row') return rowsOf(element);
    return [trimmed(childElements(element).flatMap(cellTexts))];
  });
}

function cellTexts(cell: XmlElement): string[] {
  if (cell.name === 'covered-table-cell') return [''];
  if (cell.name !== 'table-cell') return [];
  const repeated = Number(attributeOf(cell.attributes, 'number-columns-repeated') ?? 1) || 1;
  const text = odtBlocks(cell).join(' ');
  return Array.from({ length: Math.min(repeated, MAX_REPEATED) }, () => text);
}

function trimmed(row: readonly string[]): string[] {
  return row.slice(0, row.findLastIndex((text) => text !== '') + 1);
}
