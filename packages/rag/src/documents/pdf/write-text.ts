import type { FlaggedSpan, PageStart } from '../../parsing/reader-events.ts';
import { findHeadings } from './heading-levels.ts';
import { joinLines } from './join-text.ts';
import { continues, type Block, type Line } from './page-blocks.ts';
import { findRunningLines } from './running-lines.ts';

/** From an entry of a table of contents to its page. */
export const LEADERS = /\s*(?:\.\s?){5,}/g;

export interface WrittenText {
  text: string;
  pages: PageStart[];
  flaggedSpans: FlaggedSpan[];
}

/** The blocks of all pages as one Markdown-like text, without what repeats on each page. */
export function writeText(pages: readonly { number: number; blocks: readonly Block[] }[]): WrittenText {
  const isRunning = findRunningLines(pages.map(({ blocks }) => blocks));
  const kept = pages.map(({ number, blocks }) => ({
    number,
    blocks: blocks.flatMap((block) => without(block, isRunning)),
  }));
  const levelOf = findHeadings(kept.map(({ blocks }) => blocks));
  const writer = new TextWriter(levelOf);
  for (const { number, blocks } of kept) writer.writePage(number, blocks);
  return writer.end();
}

function without(block: Block, isRunning: (line: Line) => boolean): Block[] {
  if (block.kind !== 'paragraph') return [block];
  const lines = block.lines.filter((line) => !isRunning(line));
  return lines.length === 0 ? [] : [{ ...block, lines }];
}

class TextWriter {
  readonly #levelOf: (paragraph: Extract<Block, { kind: 'paragraph' }>) => number | null;
  readonly #parts: string[] = [];
  readonly #pages: PageStart[] = [];
  readonly #flaggedSpans: FlaggedSpan[] = [];
  #length = 0;
  /** The last line of running text, if nothing came after it. */
  #last: Line | null = null;

  constructor(levelOf: (paragraph: Extract<Block, { kind: 'paragraph' }>) => number | null) {
    this.#levelOf = levelOf;
  }

  writePage(number: number, blocks: readonly Block[]): void {
    const [first, ...rest] = blocks;
    const isContinued = first?.kind === 'paragraph' && this.#continuesLast(first);
    if (!isContinued && this.#length > 0) this.#append('\n\n');
    this.#pages.push({ number, start: this.#length });
    if (isContinued) this.#continue(first.lines);
    else if (first) this.#block(first);
    for (const block of rest) {
      this.#append('\n\n');
      this.#block(block);
    }
  }

  end(): WrittenText {
    return { text: this.#parts.join(''), pages: this.#pages, flaggedSpans: this.#flaggedSpans };
  }

  #continuesLast(paragraph: Extract<Block, { kind: 'paragraph' }>): boolean {
    const [line] = paragraph.lines;
    return (
      this.#last !== null && line !== undefined && this.#levelOf(paragraph) === null && continues(this.#last, line)
    );
  }

  #continue(lines: readonly Line[]): void {
    const before = this.#parts.pop() ?? '';
    const joined = lines.reduce((text, { text: next }) => joinLines(text, next), before);
    const page = this.#pages.at(-1);
    this.#length -= before.length;
    // A hyphen may have gone: the page begins where the first letter of its first line stands.
    if (page) page.start = this.#length + joinLines(before, lines[0]?.text ?? '').length - (lines[0]?.text.length ?? 0);
    this.#append(joined);
    this.#last = lines.at(-1) ?? null;
  }

  #block(block: Block): void {
    this.#last = null;
    if (block.kind === 'table') return this.#append(tableText(block.cells));
    if (block.kind === 'hidden') return this.#hidden(block.text);
    const level = this.#levelOf(block);
    const text = block.lines.map((line) => line.text).reduce(joinLines);
    this.#append(level === null ? paragraphText(text) : `${'#'.repeat(level)} ${text}`);
    if (level === null) this.#last = block.lines.at(-1) ?? null;
  }

  #hidden(text: string): void {
    this.#flaggedSpans.push({ start: this.#length, end: this.#length + text.length, flag: 'hidden-text' });
    this.#append(text);
  }

  #append(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }
}

// Marks that would make Markdown of what is none: only a bullet is one. Leaders of dots are no text.
function paragraphText(text: string): string {
  return text
    .replaceAll(LEADERS, ' … ')
    .replace(/^[•●○▪■◆◇➢▶✓·]\s*/u, '- ')
    .replace(/^(?=#{1,6}\s|```|~~~|\|)/, '\\');
}

function tableText(cells: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = cells.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  const rule = `|${' --- |'.repeat(cells[0]?.length ?? 0)}`;
  return [head, rule, ...rest].join('\n');
}
