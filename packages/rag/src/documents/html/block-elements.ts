import type { PageElement } from './page-node.ts';

/** Elements that stand apart from the text around them. */
const BLOCK_SELECTOR = [
  'address, article, aside, blockquote, body, center, dd, details, dialog, div, dl, dt, fieldset, figcaption, figure',
  'footer, form, h1, h2, h3, h4, h5, h6, header, hgroup, hr, li, main, menu, ol, p, pre, search, section, summary',
  'table, tbody, td, tfoot, th, thead, tr, ul',
].join(', ');
const BLOCK_TAGS = new Set(BLOCK_SELECTOR.toUpperCase().split(', '));

export function isBlockTag(tagName: string): boolean {
  return BLOCK_TAGS.has(tagName);
}

/** The elements in `root` that are blocks or hold some (a link around a heading): `root`, and others. */
export function blocksWithin(root: PageElement): ReadonlySet<PageElement> {
  const blocks = new Set([root]);
  for (const element of root.querySelectorAll(BLOCK_SELECTOR)) {
    for (let above: PageElement | null = element; above && !blocks.has(above); above = above.parentElement) {
      blocks.add(above);
    }
  }
  return blocks;
}
