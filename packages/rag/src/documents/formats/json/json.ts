import { ParleyError } from '@parley/contracts';
import type { ParsedDocument } from '../../../parsing/reader-events.ts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format, ParseContext } from '../format.ts';
import { decodeFile } from '../text/decode-file.ts';
import { isObject, jsonLinesOf, recordName } from './json-lines-of.ts';
import { isNotebook, notebookText } from './notebook.ts';

/** JSON as a person would read it: a section per record, a line per value. */
export function jsonFormat(charset: string | null): Format {
  return {
    name: 'JSON',
    async parse(bytes, context) {
      const value = parseJson(decodeFile(bytes, { charset }), 'The file');
      if (isNotebook(value)) return assembleDocument(notebookText(value), context);
      return finishRecords(recordsIn(value), { mediaType: 'application/json', context });
    },
  };
}

/** One JSON value per line. */
export function jsonLinesFormat(charset: string | null): Format {
  return {
    name: 'JSON lines',
    async parse(bytes, context) {
      const lines = decodeFile(bytes, { charset })
        .replace(/^\uFEFF/, '')
        .split('\n')
        .entries();
      const filled = lines.filter(([, line]) => line.trim() !== '').toArray();
      const records = filled.map(([place, line]) => parseJson(line, `Line ${place + 1}`));
      return finishRecords({ intro: [], records }, { mediaType: 'application/jsonl', context });
    },
  };
}

interface Records {
  /** What stands beside the records. */
  intro: string[];
  records: readonly unknown[];
}

/** An array is its records; so is the only array of an object, whose other values stand before it. */
function recordsIn(value: unknown): Records {
  if (isRecordList(value)) return { intro: [], records: value };
  if (!isObject(value)) return { intro: jsonLinesOf(value), records: [] };
  const lists = Object.entries(value).filter(([, child]) => isRecordList(child));
  const [key, records] = lists[0] ?? [];
  if (lists.length !== 1 || key === undefined || !isRecordList(records)) {
    return { intro: jsonLinesOf(value), records: [] };
  }
  const others = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return { intro: jsonLinesOf(others), records };
}

function isRecordList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object' && item !== null);
}

function finishRecords(
  { intro, records }: Records,
  { mediaType, context }: { mediaType: string; context: ParseContext },
): ParsedDocument {
  const sections = records.map((record, place) => {
    const lines = jsonLinesOf(record);
    return lines.length === 0 ? '' : `## ${recordName(record) ?? place + 1}\n\n${lines.join('\n')}`;
  });
  const text = [intro.join('\n'), ...sections].filter((section) => section !== '').join('\n\n');
  return assembleDocument({ mediaType, title: null, parts: [text] }, context);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ParleyError('document_unreadable', `${what} is not valid JSON.`, { cause: error });
  }
}
