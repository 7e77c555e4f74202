import type { Block, Line } from './page-blocks.ts';

/** Larger than the text by this, and few words: a heading. */
const MIN_LARGER = 1.12;
const MAX_LENGTH = 160;
const MAX_BOLD_LENGTH = 80;
const MAX_LINES = 3;
const MAX_LEVEL = 6;
/** Share of bold text from which on bold says nothing. */
const MOSTLY_BOLD = 0.3;

type Paragraph = Extract<Block, { kind: 'paragraph' }>;

/** Which paragraphs of a document are headings, by size and weight of their letters, and of which level, from 1. */
export function findHeadings(pages: readonly (readonly Block[])[]): (paragraph: Paragraph) => number | null {
  const lines = pages.flat().flatMap((block) => (block.kind === 'paragraph' ? block.lines : []));
  const body = bodySize(lines);
  const isBoldRare = share(lines, ({ isBold }) => isBold) < MOSTLY_BOLD;
  const sizes = headingSizes(pages, body);
  return (paragraph) => {
    if (isLarge(paragraph, body))
      return Math.min(MAX_LEVEL, 1 + sizes.findIndex((size) => isLike(size, sizeOf(paragraph))));
    return isBoldRare && isBoldHeading(paragraph, body) ? Math.min(MAX_LEVEL, 1 + sizes.length) : null;
  };
}

/** The size that most letters have. */
function bodySize(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2;
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
  }
  return [...letters].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** Sizes of headings, largest first; those that hardly differ are one. */
function headingSizes(pages: readonly (readonly Block[])[], body: number): number[] {
  const sizes: number[] = [];
  for (const block of pages.flat()) {
    if (block.kind !== 'paragraph' || !isLarge(block, body)) continue;
    if (!sizes.some((size) => isLike(size, sizeOf(block)))) sizes.push(sizeOf(block));
  }
  return sizes.toSorted((a, b) => b - a);
}

function isLarge({ lines }: Paragraph, body: number): boolean {
  if (lines.length > MAX_LINES || lengthOf(lines) > MAX_LENGTH) return false;
  return isTitleLike(lines) && lines.every(({ size }) => size >= body * MIN_LARGER);
}

function isBoldHeading({ lines }: Paragraph, body: number): boolean {
  if (lines.length > 2 || lengthOf(lines) > MAX_BOLD_LENGTH || /[.。,，;；:：!！]$/.test(lines.at(-1)?.text ?? ''))
    return false;
  return isTitleLike(lines) && lines.every(({ isBold, size }) => isBold && size >= body * 0.95);
}

/** Words, and no entry of a table of contents. */
function isTitleLike(lines: readonly Line[]): boolean {
  return /\p{L}/u.test(lines[0]?.text ?? '') && !lines.some(({ text }) => /(?:\.\s?){5}/.test(text));
}

function sizeOf({ lines }: Paragraph): number {
  return Math.max(...lines.map(({ size }) => size));
}

function isLike(one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.05 * one;
}

function lengthOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}

function share(lines: readonly Line[], isMeant: (line: Line) => boolean): number {
  return lengthOf(lines.filter(isMeant)) / Math.max(1, lengthOf(lines));
}
