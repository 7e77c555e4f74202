import type { MarkdownIt } from 'markdown-it';
import { createMarkdown } from './create-markdown.ts';
import { createHighlighter, type Highlighter } from './highlighter.ts';

interface SharedMarkdown {
  markdown: MarkdownIt;
  highlighter: Highlighter;
}

let shared: SharedMarkdown | null = null;

/** One parser and one set of fetched languages for all answers; made when the first answer is shown. */
export function sharedMarkdown(): SharedMarkdown {
  if (shared === null) {
    const highlighter = createHighlighter();
    shared = { highlighter, markdown: createMarkdown(highlighter) };
  }
  return shared;
}
