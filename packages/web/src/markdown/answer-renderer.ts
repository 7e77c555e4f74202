import type { MarkdownIt, Token } from 'markdown-it';
import type { RenderEnv } from './create-markdown.ts';
import { isInsideFence, tidyTail } from './tidy-tail.ts';
import { sanitise } from './sanitise.ts';

/** A top-level block of an answer; `html` is sanitised. */
export interface RenderedBlock {
  key: number;
  html: string;
}

export interface RenderRequest {
  text: string;
  isGrowing: boolean;
  citations: ReadonlyMap<number, string>;
  copyLabel: string;
  /** Changes when the same text has to be rendered anew: a language arrived, sources came. */
  variant: string;
}

/**
 * Renders one answer again and again as it grows. Blocks before the last are finished: they keep
 * their HTML, and only what follows them is parsed, so that a frame costs the last block and not
 * the answer.
 */
export function createAnswerRenderer(
  markdown: MarkdownIt,
  clean: (html: string) => string = sanitise,
): (request: RenderRequest) => RenderedBlock[] {
  let finished: RenderedBlock[] = [];
  let finishedText = '';
  let variant = '';
  const toBlocks = (html: string[], firstKey: number): RenderedBlock[] =>
    html.map((part, index) => ({ key: firstKey + index, html: clean(part) }));

  return (given) => {
    // markdown-it counts a lone carriage return as a line; offsets are counted in newlines here.
    const request = given.text.includes('\r') ? { ...given, text: given.text.replaceAll(/\r\n?/g, '\n') } : given;
    if (request.variant !== variant || !request.text.startsWith(finishedText)) {
      finished = [];
      finishedText = '';
      variant = request.variant;
    }
    // In one parse, so that a link may be defined below the place that uses it.
    if (!request.isGrowing) return toBlocks(renderBlocks(markdown, request).html, 0);
    const rest = request.text.slice(finishedText.length);
    const { html, lastStart } = renderBlocks(markdown, { ...request, text: rest });
    const blocks = toBlocks(html, finished.length);
    finished = [...finished, ...blocks.slice(0, -1)];
    finishedText = request.text.slice(0, finishedText.length + lastStart);
    return [...finished, ...blocks.slice(-1)];
  };
}

function renderBlocks(markdown: MarkdownIt, request: RenderRequest): { html: string[]; lastStart: number } {
  const text = request.isGrowing ? tidyTail(request.text) : request.text;
  const env: RenderEnv = { citations: request.citations, copyLabel: request.copyLabel };
  const tokens = markdown.parse(text, env);
  if (request.isGrowing && isInsideFence(text)) markGrowingCode(tokens);
  const starts = tokens.flatMap((token, index) => (token.level === 0 && token.nesting >= 0 ? [index] : []));
  const html = starts.map((start, number) =>
    markdown.renderer.render(tokens.slice(start, starts[number + 1]), markdown.options, env),
  );
  return { html, lastStart: offsetOfLine(request.text, tokens[starts.at(-1) ?? 0]?.map?.[0] ?? 0) };
}

function markGrowingCode(tokens: readonly Token[]): void {
  const code = tokens.findLast((token) => token.type === 'fence');
  if (code) code.meta = { ...code.meta, isGrowing: true };
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let passed = 0; passed < line; passed += 1) offset = text.indexOf('\n', offset) + 1;
  return offset;
}
