import { isBlockTag } from './block-elements.ts';
import { isElement, isText, type PageElement, type PageNode } from './page-node.ts';

/** Deeper than any text is marked up; below, the text alone counts. */
const MAX_DEPTH = 100;
const CODE_TAGS = new Set(['CODE', 'KBD', 'SAMP', 'TT']);

/** The text of a node. Line breaks of the page are kept, those of its source are not; a block stands on lines of its own. */
export function inlineText(node: PageNode, depth = 0): string {
  if (isText(node)) return (node.textContent ?? '').replaceAll(/\s+/g, ' ');
  return isElement(node) ? elementText(node, depth) : '';
}

function elementText(element: PageElement, depth: number): string {
  const { tagName } = element;
  if (tagName === 'BR') return '\n';
  if (tagName === 'IMG') return element.getAttribute('alt') ?? '';
  if (depth > MAX_DEPTH) return element.textContent ?? '';
  const text = [...element.childNodes].map((child) => inlineText(child, depth + 1)).join('');
  if (isBlockTag(tagName)) return `\n${text}\n`;
  return CODE_TAGS.has(tagName) ? asCode(text) : text;
}

function asCode(text: string): string {
  return text.trim() === '' || text.includes('`') ? text : `\`${text.trim()}\``;
}

/** No blanks at the ends of lines, one between words, no empty lines. */
export function tidyInline(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n[ \n]*/g, '\n')
    .trim();
}
