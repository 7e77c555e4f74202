import { oneLine, type PageDocument, type PageElement } from './page-node.ts';

/** A page without what nobody sees of it. */
export interface Page {
  document: PageDocument;
  body: PageElement;
  title: string;
  /** What the page says, such as `en`; null when it says nothing. */
  language: string | null;
}

/** What is no text, is hidden, or serves to use the page rather than to read it. */
const UNSEEN = [
  'script, style, noscript, template, iframe, object, embed, svg, canvas, audio, video, link, meta, base, title',
  'nav, [role=navigation], button, input, select, textarea, dialog:not([open])',
  '[hidden], [aria-hidden=true]',
].join(', ');
const HIDING_STYLE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9]))/i;

/** Reads HTML, whole page or fragment, and drops what is not seen. linkedom is loaded with the first page. */
export async function parsePage(html: string): Promise<Page> {
  const { parseHTML } = await import('linkedom');
  const document = parseHTML(complete(html)).document as unknown as PageDocument;
  const title = oneLine(document.querySelector('title')?.textContent ?? '');
  const language = document.querySelector('html[lang]')?.getAttribute('lang') ?? null;
  const body = document.querySelector('body') ?? document.documentElement;
  removeAll(body.querySelectorAll(UNSEEN));
  const styled = [...body.querySelectorAll('[style]')];
  removeAll(styled.filter((element) => HIDING_STYLE.test(element.getAttribute('style') ?? '')));
  return { document, body, title, language: /^[a-z]{2,3}(?=-|$)/i.exec(language ?? '')?.[0].toLowerCase() ?? null };
}

// Unlike a browser, linkedom adds no elements that a page left out.
function complete(html: string): string {
  if (!/<body[\s>]/i.test(html)) return `<!doctype html><html><body>${html}</body></html>`;
  return /<html[\s>]/i.test(html) ? html : `<!doctype html><html>${html}</html>`;
}

function removeAll(elements: Iterable<PageElement>): void {
  for (const element of Array.from(elements)) element.remove();
}
