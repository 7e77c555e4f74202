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
      const text = decodeFile(bytes, { charset }).slice(0, context.limits.maxTextLength);
      const rows = await readRows(text, kind);
      const mediaType = kind === 'csv' ? 'text/csv' : 'text/tab-separated-values';
      return assembleDocument({ mediaType, title: null, parts: rows.length > 0 ? [toTable(rows)] : [] }, context);
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

function toTable(rows: readonly string[][]): string {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  if (width > MAX_COLUMNS) {
    throw new ParleyError('document_unreadable', `The table has ${width} columns, more than ${MAX_COLUMNS}.`);
  }
  const [head = [], ...body] = rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ''));
  return writeTable({ head, rows: body });
}
