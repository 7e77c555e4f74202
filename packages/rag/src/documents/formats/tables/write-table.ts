import { estimateTokens } from '@parley/text';

/** Rows of one table that stand together, in estimated tokens: they fit into a passage of the usual size. */
const GROUP_TOKENS = 280;
const HAN = /\p{Script=Han}/u;

/** A table as it was read: every row as wide as the head. */
export interface Table {
  head: readonly string[];
  rows: Iterable<readonly string[]>;
  /** Writing ends beyond it: a few wide rows among many short ones make more text than any file has. */
  maxLength: number;
}

/**
 * A table in Markdown, one line per row. A long one is written in groups, each under a line that says
 * its rows and under the head again, so that a passage of it says what its columns are.
 */
export function writeTable({ head, rows, maxLength }: Table): string {
  const headLines = `${toRow(head)}\n${toRow(head.map(() => '---'))}`;
  const groups = groupRows(rows, {
    maxTokens: GROUP_TOKENS - Math.min(estimateTokens(headLines), GROUP_TOKENS / 2),
    maxLength,
  });
  if (groups.length === 0) return toRow(head);
  const say = HAN.test(headLines) || HAN.test(groups[0]?.[0] ?? '') ? inChinese : inEnglish;
  let first = 1;
  const blocks = groups.map((lines) => {
    const label = groups.length > 1 ? `${say(first, first + lines.length - 1)}\n\n` : '';
    first += lines.length;
    return `${label}${headLines}\n${lines.join('\n')}`;
  });
  return blocks.join('\n\n');
}

interface GroupLimits {
  maxTokens: number;
  maxLength: number;
}

function groupRows(rows: Iterable<readonly string[]>, { maxTokens, maxLength }: GroupLimits): string[][] {
  const groups: string[][] = [];
  let room = 0;
  let length = 0;
  for (const row of rows) {
    const line = toRow(row);
    const tokens = estimateTokens(line);
    if (tokens > room || groups.length === 0) {
      groups.push([]);
      room = maxTokens;
    }
    groups.at(-1)?.push(line);
    room -= tokens;
    length += line.length;
    if (length > maxLength) break;
  }
  return groups;
}

// The colon ties the line to the table below it when passages are cut.
function inEnglish(first: number, last: number): string {
  return first === last ? `Row ${first}:` : `Rows ${first} to ${last}:`;
}

function inChinese(first: number, last: number): string {
  return first === last ? `第 ${first} 行：` : `第 ${first} 至 ${last} 行：`;
}

function toRow(cells: readonly string[]): string {
  return `| ${cells.map(toCell).join(' | ')} |`;
}

/** One line, in which no bar ends the cell. */
function toCell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replaceAll('\\|', '|').replaceAll('|', '\\|');
}
