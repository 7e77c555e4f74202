/** Markdown as a screen reader should say it: without marks, addresses and citation numbers. */
export function toPlainText(markdown: string): string {
  return markdown
    .replaceAll(/^ {0,3}(?:```|~~~).*$/gm, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\s?\[\d[\d, ]*\]/g, '')
    .replaceAll(/^[#>\s]*(?:[-*+]|\d+\.)?\s+/gm, '')
    .replaceAll(/[*_`~|]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
