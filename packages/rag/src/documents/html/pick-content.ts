import { ParleyError } from '@parley/contracts';
import { isElement, oneLine, type PageElement } from './page-node.ts';
import type { Page } from './parse-page.ts';

export interface PickedContent {
  title: string;
  elements: PageElement[];
}

/**
 * Deeper pages are taken whole. Readability's time grows with the cube of the depth: 0.4 s for 250
 * elements inside each other, 1 s for 500, 115 s for 2,000 (version 0.6.0). Real pages have 20 to 60.
 */
const MAX_DEPTH = 100;
/** The same for its number of elements: 0.3 s for 10,000, 1.1 s for 100,000. */
const MAX_ELEMENTS = 100_000;

/** The parts that the selectors name, in the order of the page; without selectors its main content. */
export async function pickContent(page: Page, select: readonly string[]): Promise<PickedContent> {
  if (select.length > 0) return { title: page.title, elements: selected(page.body, select.join(', ')) };
  return (await mainContent(page)) ?? { title: page.title, elements: [page.body] };
}

function selected(body: PageElement, selector: string): PageElement[] {
  try {
    const found = [...body.querySelectorAll(selector)];
    const all = new Set(found);
    // A part inside a part that is kept is kept with it, once.
    return found.filter((element) => !hasAncestorIn(element, all));
  } catch (error) {
    throw new ParleyError('invalid_request', `"${selector}" is not a CSS selector.`, { cause: error });
  }
}

function hasAncestorIn(element: PageElement, elements: ReadonlySet<PageElement>): boolean {
  for (let above = element.parentElement; above; above = above.parentElement) {
    if (elements.has(above)) return true;
  }
  return false;
}

/** Null where no main content can be told, and for a page that is built to take long. */
async function mainContent({ document, body, title }: Page): Promise<PickedContent | null> {
  if (isOversized(body)) return null;
  const { Readability } = await import('@mozilla/readability');
  // It takes the page apart; where it finds nothing, the page is still needed.
  const article = new Readability<PageElement>(document.cloneNode(true), { serializer: (node) => node }).parse();
  if (!article?.content || !article.textContent?.trim()) return null;
  return { title: oneLine(article.title ?? '') || title, elements: [article.content] };
}

function isOversized(body: PageElement): boolean {
  let level: PageElement[] = [body];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length;
    if (depth > MAX_DEPTH || count > MAX_ELEMENTS) return true;
    level = level.flatMap((element) => [...element.childNodes].filter(isElement));
  }
  return false;
}
