import { ParleyError } from '@parley/contracts';
import { decodeFile } from '../text/decode-file.ts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format } from '../format.ts';
import { writeTable } from './write-table.ts';

/** A row with more is no table to read. */
const MAX_COLUMNS = 2_000;

/** Values with a separator, as one table whose first row is its head. */
export function csvFormat(kind: 'csv' | 'tsv', charset: string | null): Format {
  return {
    name: kind === 'csv' ? 'CSV' : 'TSV',
    async parse(bytes, context) {
      const { maxTextLength } = context.limits;
      const text = decodeFile(bytes, { charset, maxLength: maxTextLength });
      const isCutOff = text.length > maxTextLength;
      const rows = await readRows(text.slice(0, maxTextLength), kind);
      const mediaType = kind === 'csv' ? 'text/csv' : 'text/tab-separated-values';
      const parts = rows.length > 0 ? [toTable(rows, maxTextLength)] : [];
      return assembleDocument({ mediaType, title: null, parts, isCutOff }, context);
    },
  };
}

async function readRows(text: string, kind: 'csv' | 'tsv'): Promise<string[][]> {
  const { default: papaparse } = await import('papaparse');
  const { data } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimiter: kind === 'tsv' ? '\t' : '',
    skipEmptyLines: 'greedy',
  });
  return data;
}

function toTable(rows: readonly string[][], maxLength: number): string {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  if (width > MAX_COLUMNS) {
    throw new ParleyError('document_unreadable', `The table has ${width} columns, more than ${MAX_COLUMNS}.`);
  }
  const wide = (row: readonly string[]) => Array.from({ length: width }, (_, column) => row[column] ?? '');
  return writeTable({ head: wide(rows[0] ?? []), rows: rows.values().drop(1).map(wide), maxLength });
}
