import { scanXml } from '../xml/scan-xml.ts';
import type { NumberStyles } from './number-styles.ts';

/** Cells of one row by column, from 0. */
export interface SheetRow {
  /** From 1. */
  number: number;
  cells: Map<number, SheetCell>;
}

export interface SheetCell {
  text: string;
  /** A number or a date: what a table's head seldom is. */
  isValue: boolean;
}

/** From 1 and 0; all included. */
export interface MergedArea {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface Sheet {
  rows: SheetRow[];
  merged: MergedArea[];
}

export interface SheetSources {
  strings: readonly string[];
  styles: NumberStyles;
  /** Reading ends beyond it. */
  maxTextLength: number;
}

/** The widest that a spreadsheet can be. */
const MAX_COLUMNS = 16_384;
const MAX_MERGED = 10_000;

interface OpenCell {
  column: number;
  type: string;
  style: number;
  value: string;
}

/** The filled cells of a sheet, formulas by their last result. */
export function readSheet(xml: string, sources: SheetSources): Sheet {
  const reader = new SheetReader(sources);
  if (xml !== '') scanXml(xml, reader, () => reader.length > sources.maxTextLength);
  return reader.sheet;
}

class SheetReader {
  readonly sheet: Sheet = { rows: [], merged: [] };
  length = 0;
  readonly #sources: SheetSources;
  #row: SheetRow = { number: 0, cells: new Map() };
  #cell: OpenCell | null = null;
  #column = -1;
  #isText = false;
  #isReading = false;

  constructor(sources: SheetSources) {
    this.#sources = sources;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.#row = { number: Number(attributes['r']) || this.#row.number + 1, cells: new Map() };
      this.#column = -1;
    } else if (name === 'c') {
      this.#column = columnOf(attributes['r']) ?? this.#column + 1;
      this.#cell = {
        column: this.#column,
        type: attributes['t'] ?? 'n',
        style: Number(attributes['s'] ?? 0),
        value: '',
      };
    } else if (name === 'v' || name === 't') this.#isText = true;
    else if (name === 'rPh') this.#isReading = true;
    else if (name === 'mergeCell') this.#merge(attributes['ref'] ?? '');
  }

  text(piece: string): void {
    if (this.#cell && this.#isText && !this.#isReading) this.#cell.value += piece;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isText = false;
    else if (name === 'rPh') this.#isReading = false;
    else if (name === 'c') this.#endCell();
    else if (name === 'row' && this.#row.cells.size > 0) this.sheet.rows.push(this.#row);
  }

  #endCell(): void {
    const cell = this.#cell;
    this.#cell = null;
    if (!cell || cell.column >= MAX_COLUMNS) return;
    const shown = this.#show(cell);
    if (shown.text.trim() === '') return;
    this.#row.cells.set(cell.column, shown);
    this.length += shown.text.length + 3;
  }

  #show({ type, style, value }: OpenCell): SheetCell {
    const { strings, styles } = this.#sources;
    if (type === 's') return { text: strings[Number(value)] ?? '', isValue: false };
    if (type === 'b') return { text: value.trim() === '1' ? 'TRUE' : 'FALSE', isValue: true };
    if (type === 'd') return { text: value.replace(/T00:00:00(?:\.0+)?Z?$/, ''), isValue: true };
    if (type !== 'n') return { text: value, isValue: false };
    const number = value.trim() === '' ? Number.NaN : Number(value);
    return { text: Number.isFinite(number) ? styles.textOf(number, style) : value, isValue: true };
  }

  #merge(reference: string): void {
    const [from = '', to = from] = reference.split(':');
    const [left, right] = [columnOf(from), columnOf(to)];
    const [top, bottom] = [Number(from.replace(/^\D+/, '')), Number(to.replace(/^\D+/, ''))];
    if (left === null || right === null || !(top > 0 && bottom >= top)) return;
    if (this.sheet.merged.length < MAX_MERGED) this.sheet.merged.push({ top, bottom, left, right });
  }
}

/** `C7` is column 2; null for what is no reference. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^\$?([A-Z]{1,3})(?=\$?\d|$)/i.exec(reference ?? '')?.[1];
  if (!letters) return null;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
