import type { MarkdownIt, Token } from 'markdown-it';

/** `[1]`, `[1, 2]`, and the brackets that Chinese models write, 【1】. */
const MARK = /\[(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\]|【(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)】/g;

/** What the rule needs to know of the answer, handed in as markdown-it's `env`. */
export interface CitationEnv {
  /** Accessible name of a chip, by source number; a number that is not here stays text. */
  citations?: ReadonlyMap<number, string>;
}

type TokenClass = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

/** Turns citation marks into chips, when the answer has sources of those numbers. Code and link texts keep theirs. */
export function citationRule(markdown: MarkdownIt): void {
  markdown.core.ruler.push('citation', (state) => {
    const { citations } = state.env as CitationEnv;
    if (citations === undefined || citations.size === 0) return;
    for (const block of state.tokens) {
      if (block.children !== null) block.children = splitChildren(block.children, citations, state.Token);
    }
  });
  markdown.renderer.rules['citation'] = (tokens, index) => {
    const { number, label } = { number: 0, label: '', ...tokens[index]?.meta };
    const name = markdown.utils.escapeHtml(label);
    return `<button type="button" class="citation" data-testid="citation-chip" data-citation="${number}" aria-label="${name}">${number}</button>`;
  };
}

function splitChildren(children: Token[], citations: ReadonlyMap<number, string>, Token: TokenClass): Token[] {
  let linkDepth = 0;
  return children.flatMap((token) => {
    if (token.type === 'link_open') linkDepth += 1;
    if (token.type === 'link_close') linkDepth -= 1;
    return token.type === 'text' && linkDepth === 0 ? splitText(token, citations, Token) : [token];
  });
}

function splitText(token: Token, citations: ReadonlyMap<number, string>, Token: TokenClass): Token[] {
  const parts: Token[] = [];
  let end = 0;
  const addText = (text: string) => {
    if (text === '') return;
    const part = new Token('text', '', 0);
    part.content = text;
    parts.push(part);
  };
  for (const mark of token.content.matchAll(MARK)) {
    const numbers = (mark[1] ?? mark[2] ?? '').split(/\s*[,，、]\s*/).map(Number);
    if (!numbers.every((number) => citations.has(number))) continue;
    // The space before a mark goes, so that a chip stands at the word it backs and never starts a line alone.
    addText(token.content.slice(end, mark.index).replace(/ $/, ''));
    for (const number of numbers) {
      const chip = new Token('citation', '', 0);
      chip.meta = { number, label: citations.get(number) };
      parts.push(chip);
    }
    end = mark.index + mark[0].length;
  }
  if (parts.length === 0) return [token];
  addText(token.content.slice(end));
  return parts;
}
