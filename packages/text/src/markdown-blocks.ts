/** A piece of Markdown that no sentence crosses: UTF-16 offsets, `end` exclusive, its last line break left out. */
export interface MarkdownBlock {
  kind: 'heading' | 'paragraph' | 'list-item' | 'table-row' | 'code';
  start: number;
  end: number;
}

const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;
const LIST_ITEM = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+|\d{1,9}、\s*)\S/;
const TABLE_ROW = /^\s*\|/;
/** Nothing to read: blank, a rule, or the line under a table's head. */
const EMPTY = /^[\s|:*_=-]*$/;

/**
 * The blocks of a text in order. Plain text is Markdown without marks: its paragraphs. A line that
 * is indented under a list item, or wrapped, belongs to the block that it continues.
 */
export function splitBlocks(text: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let open: MarkdownBlock | null = null;
  let fence: string | null = null;
  for (const { line, start } of linesOf(text)) {
    const end = start + line.length;
    if (fence !== null) {
      if (open) open.end = end;
      if (closes(line, fence)) [open, fence] = [null, null];
      continue;
    }
    const kind = kindOf(line);
    if (kind === null) open = null;
    else if (kind === 'paragraph' && open && canContinue(open)) open.end = end;
    else blocks.push((open = { kind, start, end }));
    if (kind === 'code') fence = FENCE.exec(line)?.[1] ?? null;
  }
  return blocks;
}

function kindOf(line: string): MarkdownBlock['kind'] | null {
  if (EMPTY.test(line)) return null;
  if (FENCE.test(line)) return 'code';
  if (HEADING.test(line)) return 'heading';
  if (TABLE_ROW.test(line)) return 'table-row';
  return LIST_ITEM.test(line) ? 'list-item' : 'paragraph';
}

function canContinue({ kind }: MarkdownBlock): boolean {
  return kind === 'paragraph' || kind === 'list-item';
}

/** A fence is closed by at least as many of the same marks, and nothing else. */
function closes(line: string, fence: string): boolean {
  const mark = line.trim();
  return mark.startsWith(fence) && mark.replaceAll(fence.charAt(0), '') === '';
}

function* linesOf(text: string): Generator<{ line: string; start: number }> {
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    yield { line: text.slice(start, end).replace(/\r$/, ''), start };
    start = end + 1;
  }
}
