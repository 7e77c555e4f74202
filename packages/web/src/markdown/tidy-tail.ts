const HALF_FENCE = /(^|\n) {0,3}(?:`{1,2}|`{3,}[^`\n]*|~{1,2}|~{3,}[^\n]*)$/;
/** A list mark without words, or an underline that would make the words above it a heading. */
const HALF_ITEM = /(^|\n)[ \t]*(?:\d{1,9}[.)]?|[-*+]{1,2}|=+)[ \t]*$/;
const HALF_TABLE = /(^|\n\n)\|[^\n]*(?:\n[|:\- ]*)?$/;
const HALF_CITATION = /\s?(?:\[\d{0,3}(?:[,，、 \d]*)|【[\d,，、 ]*)$/;
/** A blank line, or the line of a fence. */
const PARAGRAPH_BREAK = /\n[ \t]*\n|(?:^|\n)[ \t]*(?:`{3,}|~{3,})[^\n]*(?:\n|$)/;
const HALF_LINK = /\[([^\]\n]*)\]\([^)\n]*$/;

/**
 * The text of an answer that still grows, without the half-written marks at its end: a fence, table
 * head, citation or link that is not finished would flash as plain characters for a frame or two.
 */
export function tidyTail(text: string): string {
  if (isInsideFence(text)) return text.replace(HALF_FENCE, '$1');
  const shortened = text
    .replace(HALF_FENCE, '$1')
    .replace(HALF_ITEM, '$1')
    .replace(HALF_TABLE, '$1')
    .replace(HALF_CITATION, '')
    .replace(HALF_LINK, '$1');
  return closeMarks(shortened);
}

/** Whether the last line stands in a code block that is open. */
export function isInsideFence(text: string): boolean {
  let open: string | null = null;
  for (const [, fence = ''] of text.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)) {
    if (open === null) open = fence;
    else if (fence[0] === open[0] && fence.length >= open.length) open = null;
  }
  return open !== null;
}

/**
 * Closes bold and inline code that the last paragraph has opened. Never on an empty line: a mark
 * that stands alone would be a block of its own, and the one before it would count as finished.
 */
function closeMarks(text: string): string {
  if (/(?:^|\n)\s*$/.test(text)) return text;
  const paragraph = text.split(PARAGRAPH_BREAK).at(-1) ?? '';
  if (count(paragraph, '`') % 2 === 1) return paragraph.endsWith('`') ? text.slice(0, -1) : `${text}\``;
  if (count(paragraph.replaceAll(/`[^`]*`/g, ''), '**') % 2 === 0) return text;
  return text.endsWith('**') ? text.slice(0, -2) : `${text.replace(/\*$/, '')}**`;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
