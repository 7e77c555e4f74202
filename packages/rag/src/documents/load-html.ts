import { Document } from '@langchain/core/documents';
import { ParleyError } from '@parley/contracts';
import { detectLanguage } from '@parley/text';
import { parsePage } from './html/parse-page.ts';
import { pickContent } from './html/pick-content.ts';
import { toMarkdown } from './html/to-markdown.ts';
import type { LoadedDocument } from './loaded-document.ts';
import { findTitle } from './split-markdown.ts';

export interface LoadHtmlOptions {
  /** The page's address; names it in citations. */
  source: string;
  /** CSS selectors of the parts to keep, in the order of the page. Without them, its main content. */
  select?: readonly string[];
}

/**
 * A web page as clean Markdown-like text: headings, lists, tables and code stay; scripts, styles,
 * navigation and everything hidden go. Throws `invalid_request` for a selector that is none, and
 * `document_unreadable` when nothing is left.
 */
export async function loadHtml(html: string, { source, select = [] }: LoadHtmlOptions): Promise<LoadedDocument> {
  const page = await parsePage(html);
  const content = await pickContent(page, select);
  const text = toMarkdown(content.elements);
  if (text === '') {
    const reason = select.length > 0 ? `has nothing that ${select.join(', ')} selects` : 'has no text';
    throw new ParleyError('document_unreadable', `${source} ${reason}.`);
  }
  const title = content.title || findTitle(text) || source;
  const language = detectLanguage(text) === 'zh' ? 'zh' : (page.language ?? 'en');
  return new Document({ id: source, pageContent: text, metadata: { source, title, language } });
}
