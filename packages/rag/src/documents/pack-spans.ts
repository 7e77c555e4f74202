import { estimateTokens, splitSentences, type MarkdownBlock, type Span } from '@parley/text';
import { groupBlocks } from './group-blocks.ts';

/** Packs the blocks of one section into spans of at most `maxTokens`, tearing as little as possible. */
export function packSpans(text: string, blocks: readonly MarkdownBlock[], maxTokens: number): Span[] {
  const pieces = groupBlocks(text, blocks).flatMap((group) =>
    fits(text, group, maxTokens) ? [group] : group.blocks.flatMap((block) => splitBlock(text, block, maxTokens)),
  );
  const packed: Span[] = [];
  for (const { start, end } of pieces) {
    const last = packed.at(-1);
    if (last && fits(text, { start: last.start, end }, maxTokens)) last.end = end;
    else packed.push({ start, end });
  }
  return packed;
}

function fits(text: string, { start, end }: Span, maxTokens: number): boolean {
  // No text has more tokens than characters; a shortcut that saves counting what is plainly small.
  return end - start <= maxTokens || estimateTokens(text.slice(start, end)) <= maxTokens;
}

function splitBlock(text: string, block: MarkdownBlock, maxTokens: number): Span[] {
  if (fits(text, block, maxTokens)) return [block];
  const parts = block.kind === 'code' ? splitLines(text, block) : splitSentencesOf(text, block);
  return parts.flatMap((part) => (fits(text, part, maxTokens) ? [part] : splitHard(text, part, maxTokens)));
}

function splitSentencesOf(text: string, { start, end }: Span): Span[] {
  return splitSentences(text.slice(start, end)).map((span) => ({ start: start + span.start, end: start + span.end }));
}

function splitLines(text: string, { start, end }: Span): Span[] {
  const lines: Span[] = [];
  for (const match of text.slice(start, end).matchAll(/[^\n]+/g)) {
    lines.push({ start: start + match.index, end: start + match.index + match[0].length });
  }
  return lines;
}

/** A single sentence or line that does not fit: cut at white space where there is some, never inside a character. */
function splitHard(text: string, { start, end }: Span, maxTokens: number): Span[] {
  const parts: Span[] = [];
  let from = start;
  while (end - from > maxTokens) {
    const window = text.slice(from, from + maxTokens);
    const space = window.search(/\s\S*$/);
    const to = from + (space > 0 ? space : wholeCharacters(window));
    parts.push({ start: from, end: to });
    from = to + (text.slice(to).search(/\S/) || 0);
  }
  return [...parts, { start: from, end }];
}

function wholeCharacters(window: string): number {
  const isCutPair = /[\uD800-\uDBFF]$/.test(window);
  return isCutPair && window.length > 1 ? window.length - 1 : window.length;
}
