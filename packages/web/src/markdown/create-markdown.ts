import MarkdownIt, { type Env, type MarkdownIt as Markdown, type Token } from 'markdown-it';
import { citationRule, type CitationEnv } from './citation-rule.ts';
import type { Highlighter } from './highlighter.ts';

/** What one rendering is told, as markdown-it's `env`. */
export interface RenderEnv extends CitationEnv, Env {
  copyLabel?: string;
}

/** Markdown as answers use it: no raw HTML, no images fetched, links that tell nobody where they came from. */
export function createMarkdown(highlighter: Highlighter): Markdown {
  const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  markdown.use(citationRule);
  markdown.core.ruler.push('page', (state) => {
    for (const token of everyToken(state.tokens)) adapt(token, (state.env as RenderEnv).copyLabel ?? '');
  });
  showCode(markdown, highlighter);
  const { escapeHtml } = markdown.utils;
  // An image would be fetched from wherever the model says, with what it says in the address.
  markdown.renderer.rules['image'] = (tokens, index) => {
    const address = String(tokens[index]?.attrGet('src') ?? '');
    const text = tokens[index]?.content || address;
    return `<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer nofollow">${escapeHtml(text)}</a>`;
  };
  markdown.renderer.rules['table_open'] = () => '<div class="table-scroll" tabindex="0"><table>\n';
  markdown.renderer.rules['table_close'] = () => '</table></div>\n';
  return markdown;
}

function everyToken(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [token, ...everyToken(token.children ?? [])]);
}

function adapt(token: Token, copyLabel: string): void {
  if (token.type === 'link_open') {
    token.attrSet('target', '_blank');
    token.attrSet('rel', 'noopener noreferrer nofollow');
  } else if (token.type === 'th_open' || token.type === 'td_open') {
    // markdown-it aligns by a style attribute, which a strict Content-Security-Policy forbids.
    const align = /text-align:(\w+)/.exec(String(token.attrGet('style') ?? ''))?.[1];
    token.attrs = align === undefined ? null : [['data-align', align]];
  } else if (token.type === 'fence' || token.type === 'code_block') {
    token.meta = { ...token.meta, copyLabel };
  }
}

/** Code with a header: its language, and a button that copies it. `meta.isGrowing` marks one that is not finished. */
function showCode(markdown: Markdown, highlighter: Highlighter): void {
  const { escapeHtml } = markdown.utils;
  const render = (token: Token | undefined) => {
    const code = token?.content ?? '';
    const word = token?.info.trim().split(/\s+/)[0] ?? '';
    const html = highlighter.highlight(code, word, token?.meta?.['isGrowing'] === true) ?? escapeHtml(code);
    return (
      `<div class="code-block"><div class="code-header"><span>${escapeHtml(word || 'text')}</span>` +
      `<button type="button" class="code-copy" data-copy-code="">${escapeHtml(String(token?.meta?.['copyLabel']))}</button></div>` +
      `<pre tabindex="0"><code class="hljs">${html}</code></pre></div>\n`
    );
  };
  for (const type of ['fence', 'code_block']) markdown.renderer.rules[type] = (tokens, index) => render(tokens[index]);
}
