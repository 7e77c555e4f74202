import type { PromptPassage } from '@parley/contracts';
import { splitBlocks, splitSentences, toSearchTerms, type MarkdownBlock } from '@parley/text';

/** The smallest part of a passage that is quoted: a sentence, a list item, a table row, a block of code. */
export interface Unit {
  passage: PromptPassage;
  /** The passage's place among all, 0 first: the retriever's ranking. */
  rank: number;
  /** Place in the passage's list of units. */
  position: number;
  kind: Exclude<MarkdownBlock['kind'], 'heading'>;
  /** UTF-16 offsets into the passage's text. */
  start: number;
  end: number;
  /** Units of one paragraph, list or table share it. */
  group: number;
  isOrdered: boolean;
  terms: ReadonlySet<string>;
  /** Terms of the heading right above. */
  headingTerms: ReadonlySet<string>;
  /** Terms of the title and the outer headings. */
  titleTerms: ReadonlySet<string>;
  isFirstUnderHeading: boolean;
}

/** The exact words of a unit. */
export function textOf({ passage, start, end }: Pick<Unit, 'passage' | 'start' | 'end'>): string {
  return passage.text.slice(start, end);
}

/** A passage in units, in order. Headings are not quoted, they say what stands below them. */
export function toUnits(passage: PromptPassage, rank: number): Unit[] {
  const units: Unit[] = [];
  const headings: { level: number; text: string }[] = [];
  let group = 0;
  let isFirstUnderHeading = true;
  let open: MarkdownBlock['kind'] | null = null;
  for (const block of splitBlocks(passage.text)) {
    if (!continuesGroup(open, block, passage.text)) {
      group += 1;
      open = block.kind;
    }
    if (block.kind === 'heading') {
      pushHeading(headings, textOf({ passage, ...block }));
      isFirstUnderHeading = true;
      continue;
    }
    const place = { passage, rank, kind: block.kind, group, ...headingTerms(passage.title, headings) };
    for (const span of spansOf(passage.text, block)) {
      const text = textOf({ passage, ...span });
      const terms = new Set(toSearchTerms(text));
      const isOrdered = block.kind === 'list-item' && /^\s*\d/.test(text);
      units.push({ ...place, ...span, position: units.length, isOrdered, terms, isFirstUnderHeading });
      isFirstUnderHeading = false;
    }
  }
  return units;
}

// Items of a list and rows of a table belong together; so does what is indented under an item.
function continuesGroup(open: MarkdownBlock['kind'] | null, { kind, start }: MarkdownBlock, text: string): boolean {
  if (open === 'table-row') return kind === 'table-row';
  const isIndented = /^(?: {2}|\t)/.test(text.slice(start, start + 2));
  return open === 'list-item' && (kind === 'list-item' || (isIndented && (kind === 'code' || kind === 'paragraph')));
}

// A list item is quoted whole: its sentences explain one another.
function spansOf(text: string, block: MarkdownBlock): { start: number; end: number }[] {
  if (block.kind !== 'paragraph') return [{ start: block.start, end: block.end }];
  const inside = text.slice(block.start, block.end);
  const sentences = splitSentences(inside).map(({ start, end }) => ({
    start: block.start + start,
    end: block.start + end,
  }));
  return joinClauses(sentences, text);
}

// What ends with a semicolon is half a thought, and what ends inside bold type would break the
// Markdown of the whole answer.
function joinClauses(sentences: { start: number; end: number }[], text: string): { start: number; end: number }[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of sentences) {
    const last = joined.at(-1);
    if (last && isUnfinished(text.slice(last.start, last.end))) last.end = end;
    else joined.push({ start, end });
  }
  return joined;
}

function isUnfinished(text: string): boolean {
  return /[;；]$/.test(text) || text.split('**').length % 2 === 0;
}

function pushHeading(headings: { level: number; text: string }[], line: string): void {
  const level = /#+/.exec(line)?.[0].length ?? 1;
  while ((headings.at(-1)?.level ?? 0) >= level) headings.pop();
  headings.push({ level, text: line });
}

// A passage may be cut below its heading; then the title holds the way to it: "Chatting > Stop an answer".
function headingTerms(title: string, headings: { text: string }[]): Pick<Unit, 'headingTerms' | 'titleTerms'> {
  const path = [...title.split(' > '), ...headings.map(({ text }) => text)];
  return {
    headingTerms: new Set(toSearchTerms(path.at(-1) ?? '')),
    titleTerms: new Set(toSearchTerms(path.slice(0, -1).join('\n'))),
  };
}
