import { splitBlocks, type MarkdownBlock, type Span } from '@parley/text';
import { packSpans } from './pack-spans.ts';

/** A passage of a Markdown text: where it stands, and the headings above it, outermost first. */
export interface MarkdownPassage extends Span {
  headingPath: string[];
}

/** The longest passage, in estimated tokens, unless told otherwise: a long section, or a page of a book. */
export const DEFAULT_PASSAGE_TOKENS = 320;

interface Section {
  headingPath: string[];
  blocks: MarkdownBlock[];
}

/**
 * Cuts a Markdown (or plain) text into passages, in order. A passage never crosses a heading; the
 * heading itself is in `headingPath`, not in the passage. A section that fits stays whole. A list,
 * a table, a code block, with the line that introduces it, is torn only if it does not fit by
 * itself; then between items, rows or lines. Sentences are torn only if one alone does not fit.
 */
export function splitMarkdown(text: string, maxTokens: number = DEFAULT_PASSAGE_TOKENS): MarkdownPassage[] {
  return toSections(text).flatMap(({ headingPath, blocks }) =>
    packSpans(text, blocks, maxTokens).map((span) => ({ ...span, headingPath })),
  );
}

/** The text of the first heading of the highest level there is; null when there is none. */
export function findTitle(text: string): string | null {
  const headings = splitBlocks(text).filter((block) => block.kind === 'heading');
  const levels = headings.map((block) => readHeading(text, block));
  const top = Math.min(...levels.map(({ level }) => level));
  return levels.find(({ level }) => level === top)?.words ?? null;
}

function toSections(text: string): Section[] {
  const sections: Section[] = [];
  const path: { level: number; words: string }[] = [];
  let blocks: MarkdownBlock[] | null = null;
  for (const block of splitBlocks(text)) {
    if (block.kind === 'heading') {
      const heading = readHeading(text, block);
      while ((path.at(-1)?.level ?? 0) >= heading.level) path.pop();
      path.push(heading);
      blocks = null;
    } else {
      if (!blocks) sections.push({ headingPath: path.map(({ words }) => words), blocks: (blocks = []) });
      blocks.push(block);
    }
  }
  return sections;
}

function readHeading(text: string, { start, end }: Span): { level: number; words: string } {
  const line = text.slice(start, end).trim();
  const level = line.search(/[^#]|$/);
  const words = line.slice(level).trim();
  return {
    level,
    words: words
      .replace(/(?:^|\s)#+$/, '')
      .replaceAll(/[*_`]/g, '')
      .trim(),
  };
}
