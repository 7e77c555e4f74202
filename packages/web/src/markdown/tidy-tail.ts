const HALF_FENCE = /(^|\n) {0,3}(?:`{1,2}|`{3,}[^`\n]*|~{1,2}|~{3,}[^\n]*)$/;
const HALF_TABLE = /(^|\n\n)\|[^\n]*(?:\n[|:\- ]*)?$/;
const HALF_CITATION = /\s?(?:\[\d{0,3}(?:[,，、 \d]*)|【[\d,，、 ]*)$/;
const HALF_LINK = /\[([^\]\n]*)\]\([^)\n]*$/;

/**
 * The text of an answer that still grows, without the half-written marks at its end: a fence, table
 * head, citation or link that is not finished would flash as plain characters for a frame or two.
 */
export function tidyTail(text: string): string {
  if (isInsideFence(text)) return text.replace(HALF_FENCE, '$1');
  const shortened = text
    .replace(HALF_FENCE, '$1')
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

/** Closes bold and inline code that the last paragraph has opened. */
function closeMarks(text: string): string {
  const paragraph = text.slice(text.lastIndexOf('\n\n') + 1);
  if (count(paragraph, '`') % 2 === 1) return paragraph.endsWith('`') ? text.slice(0, -1) : `${text}\``;
  if (count(paragraph.replaceAll(/`[^`]*`/g, ''), '**') % 2 === 0) return text.replace(/(^|[^*])\*$/, '$1');
  return text.endsWith('**') ? text.slice(0, -2) : `${text.replace(/\*$/, '')}**`;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
