import type MarkdownIt from 'markdown-it';

/** `[1]`, `[1, 2]`, and the brackets that Chinese models write, 【1】. Not a link, and not a footnote of the model's own. */
const MARK = /^(?:\[(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\](?![(:])|【(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)】)/;

/** What the rule needs to know of the answer, handed in as markdown-it's `env`. */
export interface CitationEnv {
  /** Accessible name of a chip, by source number; a number that is not here stays text. */
  citations?: ReadonlyMap<number, string>;
}

/** Turns citation marks into chips, when the answer has sources of those numbers. */
export function citationRule(markdown: MarkdownIt): void {
  // `【` does not end a run of text by itself, so text tokens are cut where it stands.
  markdown.inline.ruler.before('link', 'citation', (state, isSilent) => {
    const first = state.src[state.pos];
    if (first !== '[' && first !== '【') return false;
    const mark = MARK.exec(state.src.slice(state.pos, state.pos + 64));
    const citations = (state.env as CitationEnv).citations;
    const numbers = (mark?.[1] ?? mark?.[2])?.split(/\s*[,，、]\s*/).map(Number);
    if (mark === null || numbers === undefined || !numbers.every((number) => citations?.has(number))) return false;
    if (!isSilent) for (const number of numbers) state.push('citation', '', 0).meta = { number, label: citations?.get(number) };
    state.pos += mark[0].length;
    return true;
  });
  markdown.renderer.rules['citation'] = (tokens, index) => {
    const { number, label } = tokens[index]?.meta as { number: number; label: string };
    const name = markdown.utils.escapeHtml(label);
    return `<button type="button" class="citation" data-testid="citation-chip" data-citation="${number}" aria-label="${name}">${number}</button>`;
  };
}
