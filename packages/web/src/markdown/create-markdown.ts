import MarkdownIt from 'markdown-it';
import { citationRule, type CitationEnv } from './citation-rule.ts';
import type { Highlighter } from './highlighter.ts';

export interface RenderEnv extends CitationEnv {
  copyLabel: string;
  /** The text still grows: its last code block is not finished. */
  isGrowing: boolean;
  [key: string]: unknown;
}

/** Markdown as answers use it: no raw HTML, no images fetched, links that tell nobody where they came from. */
export function createMarkdown(highlighter: Highlighter): MarkdownIt {
  const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  markdown.use(citationRule);
  showLinks(markdown);
  showCode(markdown, highlighter);
  showTables(markdown);
  return markdown;
}

function showLinks(markdown: MarkdownIt): void {
  const { rules } = markdown.renderer;
  rules['link_open'] = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('target', '_blank');
    tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
    return self.renderToken(tokens, index, options);
  };
  // An image would be fetched from wherever the model says, with what it says in the address.
  rules['image'] = (tokens, index) => {
    const token = tokens[index];
    const { escapeHtml } = markdown.utils;
    const address = String(token?.attrGet('src') ?? '');
    const text = escapeHtml(token?.content || address);
    return `<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer nofollow">${text}</a>`;
  };
}

function showCode(markdown: MarkdownIt, highlighter: Highlighter): void {
  const { escapeHtml } = markdown.utils;
  const render = (code: string, word: string, env: RenderEnv) => {
    const html = highlighter.highlight(code, word, env.isGrowing) ?? escapeHtml(code);
    const label = escapeHtml(env.copyLabel);
    return (
      `<div class="code-block"><div class="code-header"><span>${escapeHtml(word || 'text')}</span>` +
      `<button type="button" class="code-copy" data-copy-code="">${label}</button></div>` +
      `<pre tabindex="0"><code class="hljs">${html}</code></pre></div>\n`
    );
  };
  markdown.renderer.rules['fence'] = (tokens, index, _options, env) => {
    const token = tokens[index];
    return render(token?.content ?? '', token?.info.trim().split(/\s+/)[0] ?? '', env as RenderEnv);
  };
  markdown.renderer.rules['code_block'] = (tokens, index, _options, env) =>
    render(tokens[index]?.content ?? '', '', env as RenderEnv);
}

function showTables(markdown: MarkdownIt): void {
  const { rules } = markdown.renderer;
  rules['table_open'] = () => '<div class="table-scroll" tabindex="0"><table>\n';
  rules['table_close'] = () => '</table></div>\n';
  for (const cell of ['th_open', 'td_open']) {
    // markdown-it aligns by a style attribute, which the page's Content-Security-Policy forbids.
    rules[cell] = (tokens, index, options, _env, self) => {
      const token = tokens[index];
      const align = /text-align:(\w+)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
      if (token) token.attrs = align === undefined ? null : [['data-align', align]];
      return self.renderToken(tokens, index, options);
    };
  }
}
