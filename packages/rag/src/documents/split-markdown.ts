import { splitBlocks, type MarkdownBlock, type Span } from '@parley/text';
import { packSpans, type SpanLimits } from './pack-spans.ts';

/** A passage of a Markdown text: where it stands, and the headings above it, outermost first. */
export interface MarkdownPassage extends Span {
  headingPath: string[];
}

/** The longest passage, in estimated tokens, unless told otherwise: a long section, or a page of a book. */
export const DEFAULT_PASSAGE_TOKENS = 320;
/** A line that is longer than this, in UTF-16 units, is no heading, whatever stands before it. */
const LONGEST_HEADING = 300;

/** A heading, and where its line stands. */
export interface Heading extends Span {
  level: number;
  words: string;
}

/** A passage with the headings themselves. */
export interface PassageUnderHeadings extends Span {
  /** Outermost first. */
  headings: readonly Heading[];
}

interface Section {
  headings: readonly Heading[];
  blocks: MarkdownBlock[];
}

/**
 * Cuts a Markdown (or plain) text into passages, in order. A passage never crosses a heading; the
 * heading itself is in `headingPath`, not in the passage, unless nothing stands below it: then it is
 * a passage itself. A section that fits stays whole. A list, a table, a code block, with the line
 * that introduces it, is torn only if it does not fit by itself; then between items, rows or lines.
 * Sentences are torn only if one alone does not fit. A passage begins with the last sentences of the
 * one before it, up to `overlapTokens`, where both are of one section.
 *
 * The rows of a table that had to be torn stand without its head: the text of a passage is exactly
 * what stands at its place.
 */
export function splitMarkdown(
  text: string,
  maxTokens: number = DEFAULT_PASSAGE_TOKENS,
  overlapTokens = 0,
): MarkdownPassage[] {
  return splitUnderHeadings(text, { maxTokens, overlapTokens }).map(({ start, end, headings }) => ({
    start,
    end,
    headingPath: headings.map(({ words }) => words),
  }));
}

/** `splitMarkdown` for whoever has to know where the headings stand. */
export function splitUnderHeadings(text: string, limits: SpanLimits): PassageUnderHeadings[] {
  return toSections(text).flatMap(({ headings, blocks }) =>
    packSpans(text, blocks, limits).map(({ start, end }) => ({ start, end, headings })),
  );
}

/** The text of the first heading of the highest level there is; null when there is none. */
export function findTitle(text: string): string | null {
  let best: Heading | null = null;
  for (const block of splitBlocks(text)) {
    const heading = readHeading(text, block);
    if (heading && (best === null || heading.level < best.level)) best = heading;
  }
  return best?.words ?? null;
}

function toSections(text: string): Section[] {
  const sections: Section[] = [];
  const path: Heading[] = [];
  let open: Section | null = null;
  let bare: MarkdownBlock | null = null;
  const keepBare = (level: number) => {
    // A heading with nothing below it would be found by nobody.
    if (bare && (path.at(-1)?.level ?? 0) >= level) sections.push({ headings: path.slice(0, -1), blocks: [bare] });
    bare = null;
  };
  for (const block of splitBlocks(text)) {
    const heading = readHeading(text, block);
    if (heading) {
      keepBare(heading.level);
      while ((path.at(-1)?.level ?? 0) >= heading.level) path.pop();
      path.push(heading);
      bare = block;
      open = null;
    } else {
      bare = null;
      if (!open) sections.push((open = { headings: [...path], blocks: [] }));
      open.blocks.push(block.kind === 'heading' ? { ...block, kind: 'paragraph' } : block);
    }
  }
  keepBare(0);
  return sections;
}

/** Null for what is no heading, or too long for one. */
function readHeading(text: string, { kind, start, end }: MarkdownBlock): Heading | null {
  if (kind !== 'heading' || end - start > LONGEST_HEADING) return null;
  const line = text.slice(start, end).trim();
  const level = line.search(/[^#]|$/);
  const words = line.slice(level).trim();
  return {
    level,
    start,
    end,
    words: words
      .replace(/(?:^|\s)#+$/, '')
      .replaceAll(/[*_`]/g, '')
      .trim(),
  };
}
