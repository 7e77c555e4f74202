import { countCjk, splitSentences, type MarkdownBlock, type Span } from '@parley/text';
import { cutHard } from './cut-hard.ts';
import { groupBlocks } from './group-blocks.ts';

/** Sizes in estimated tokens. */
export interface SpanLimits {
  maxTokens: number;
  /** How much of a span the next one repeats, in whole sentences. */
  overlapTokens: number;
}

/** What is not torn any further. */
interface Piece extends Span {
  /** Lines of code are not sentences: they are not repeated. */
  isCode: boolean;
}

/** Packs the blocks of one section into spans of at most `maxTokens`, tearing as little as possible. */
export function packSpans(text: string, blocks: readonly MarkdownBlock[], limits: SpanLimits): Span[] {
  const pieces = toPieces(text, blocks, limits.maxTokens);
  const packed: Span[] = [];
  let size = 0;
  for (const [place, piece] of pieces.entries()) {
    const last = packed.at(-1);
    // Counted on from where the span ended: counting the whole span anew for each small piece
    // would take time that grows with the square of the span.
    const grown = last ? size + sizeOf(text, last.end, piece.end) : 0;
    if (last && fitsSize(grown, limits.maxTokens)) {
      last.end = piece.end;
      size = grown;
    } else {
      const start = last ? repeatFrom(text, { pieces, place, last }, limits) : piece.start;
      packed.push({ start, end: piece.end });
      size = sizeOf(text, start, piece.end);
    }
  }
  return packed;
}

function toPieces(text: string, blocks: readonly MarkdownBlock[], maxTokens: number): Piece[] {
  return groupBlocks(text, blocks).flatMap((group) => {
    const { start, end } = group;
    if (fits(text, group, maxTokens)) return [{ start, end, isCode: group.blocks.some(({ kind }) => kind === 'code') }];
    return group.blocks.flatMap((block) => splitBlock(text, block, maxTokens));
  });
}

function splitBlock(text: string, block: MarkdownBlock, maxTokens: number): Piece[] {
  const { start, end } = block;
  const isCode = block.kind === 'code';
  if (fits(text, block, maxTokens)) return [{ start, end, isCode }];
  const parts = isCode ? splitLines(text, block) : sentencesOf(text, block);
  return parts
    .flatMap((part) => (fits(text, part, maxTokens) ? [part] : cutHard(text, part, maxTokens)))
    .map((part) => ({ ...part, isCode }));
}

/** Where the span that begins with `pieces[place]` may begin earlier, to repeat the end of the span before it. */
function repeatFrom(
  text: string,
  { pieces, place, last }: { pieces: readonly Piece[]; place: number; last: Span },
  { maxTokens, overlapTokens }: SpanLimits,
): number {
  const next = pieces[place];
  let start = next?.start ?? last.end;
  if (!next || overlapTokens === 0) return start;
  const own = sizeOf(text, last.end, next.end);
  let repeated = 0;
  for (let before = place - 1; before >= 0; before -= 1) {
    const piece = pieces[before];
    if (!piece || piece.isCode || piece.start < last.start) break;
    for (const sentence of sentencesOf(text, piece).toReversed()) {
      repeated = sizeOf(text, sentence.start, last.end);
      if (!fitsSize(repeated, overlapTokens) || !fitsSize(repeated + own, maxTokens)) return start;
      start = sentence.start;
    }
  }
  return start;
}

function sentencesOf(text: string, { start, end }: Span): Span[] {
  return splitSentences(text.slice(start, end)).map((span) => ({ start: start + span.start, end: start + span.end }));
}

function splitLines(text: string, { start, end }: Span): Span[] {
  const lines: Span[] = [];
  for (const match of text.slice(start, end).matchAll(/[^\n]+/g)) {
    lines.push({ start: start + match.index, end: start + match.index + match[0].length });
  }
  return lines;
}

function fits(text: string, { start, end }: Span, maxTokens: number): boolean {
  const length = end - start;
  // A character is between a quarter of a token and a whole one: what is plainly small or large is not counted.
  return length <= maxTokens || (length <= maxTokens * 4 && fitsSize(sizeOf(text, start, end), maxTokens));
}

function fitsSize(size: number, maxTokens: number): boolean {
  return size <= maxTokens * 4;
}

/** Size in quarters of an estimated token: unlike whole tokens, those of two parts add up to those of both. */
function sizeOf(text: string, start: number, end: number): number {
  return end - start + 3 * countCjk(text.slice(start, end));
}
