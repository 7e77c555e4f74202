import { createHash } from 'node:crypto';
import type { DocumentFlag, SplitSettings } from '@parley/contracts';
import type { Span } from '@parley/text';
import type { FlaggedSpan, PageStart, ParsedChunk, ParsedDocument } from '../parsing/reader-events.ts';
import { splitUnderHeadings } from './split-markdown.ts';

/**
 * Cuts a document into passages as `splitMarkdown` does, each with its page, the flags of what
 * stands in it and its hash. Offsets are UTF-16. Takes time in proportion to the text. A first
 * heading that repeats the title is left out of the heading paths.
 */
export function splitDocument(
  { title, text, pages, flaggedSpans }: Pick<ParsedDocument, 'title' | 'text' | 'pages' | 'flaggedSpans'>,
  { max_tokens: maxTokens, overlap_tokens: overlapTokens }: SplitSettings,
): ParsedChunk[] {
  const pageOf = createPageFinder(pages);
  const flagsOf = createFlagFinder(flaggedSpans);
  const titled = createHash('sha256').update(`${title}\n`);
  return splitUnderHeadings(text, { maxTokens, overlapTokens }).map(({ start, end, headings }, ordinal) => {
    const path = headings.map(({ words }) => words);
    const headingPath = path[0] === title ? path.slice(1) : path;
    const part = text.slice(start, end);
    const hash = titled
      .copy()
      .update(`${headingPath.join('\n')}\n\n${part}`)
      .digest('hex');
    // A heading goes with each passage below it; so does what is wrong with it.
    const flags = flagsOf([...headings, { start, end }]);
    return { ordinal, page: pageOf(start), headingPath, start, end, text: part, hash, flags };
  });
}

/** Null where there are no pages. What stands before the first page's beginning is on it. */
function createPageFinder(pages: readonly PageStart[]): (place: number) => number | null {
  const sorted = pages.toSorted((one, other) => one.start - other.start);
  return (place) => {
    const next = firstWhere(sorted, ({ start }) => start > place);
    return sorted[Math.max(0, next - 1)]?.number ?? null;
  };
}

function createFlagFinder(spans: readonly FlaggedSpan[]): (places: readonly Span[]) => DocumentFlag[] {
  const byFlag = [...Map.groupBy(spans, ({ flag }) => flag)].map(([flag, some]) => ({ flag, spans: joined(some) }));
  return (places) =>
    byFlag.filter((flagged) => places.some((place) => isTouched(flagged.spans, place))).map(({ flag }) => flag);
}

function isTouched(spans: readonly Span[], { start, end }: Span): boolean {
  const first = spans[firstWhere(spans, (span) => span.end > start)];
  return first !== undefined && first.start < end;
}

/** The same places as spans in order that do not meet, so that one can be looked up. */
function joined(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    const last = apart.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else apart.push({ start, end });
  }
  return apart;
}

/** The place of the first that fits in a list where all that fit come last; the list's length when none does. */
function firstWhere<Item>(items: readonly Item[], isAfter: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && isAfter(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
