import { ParleyError, type DocumentFlag } from '@parley/contracts';
import { findFlaggedSpans } from '../documents/find-flagged-spans.ts';
import { findGarbledSpans } from '../documents/find-garbled-spans.ts';
import type { ParseLimits } from '../documents/formats/format.ts';
import type { FlaggedSpan, ParsedDocument } from './reader-events.ts';

/** More of them are told as one: they are sent in one message and stored in one row. */
const MAX_SPANS_OF_A_KIND = 2_000;
/** Share of a text that cannot be read from which on the whole document is called so. */
const GARBLED_SHARE = 0.1;
const MAX_TITLE = 500;

/**
 * What holds for every format: text that can be stored, within its limit, and what is noticed in
 * it. Throws `document_empty` when there is nothing to read.
 */
export function finishDocument(document: ParsedDocument, { maxTextLength }: ParseLimits): ParsedDocument {
  const whole = storable(document.text);
  const text = cutAt(whole, maxTextLength);
  if (!/[\p{L}\p{N}\p{S}]/u.test(text)) throw new ParleyError('document_empty', 'There is no text in this document.');
  const spans = [...document.flaggedSpans, ...findFlaggedSpans(text), ...findGarbledSpans(text)];
  const flaggedSpans = joinSpans(spans, text.length);
  const flags = new Set<DocumentFlag>([...document.flags, ...flagsOf(flaggedSpans, text.length)]);
  if (text.length < whole.length) flags.add('cut-off');
  return {
    ...document,
    title: storable(document.title).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TITLE).toWellFormed(),
    text,
    pages: document.pages.filter(({ start }) => start < text.length),
    flags: [...flags],
    flaggedSpans,
  };
}

// Both have the length of what they replace, so that spans stay true.
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  return /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? text.slice(0, length - 1) : text.slice(0, length);
}

function flagsOf(spans: readonly FlaggedSpan[], length: number): DocumentFlag[] {
  const flags = new Set(spans.map(({ flag }) => flag));
  const garbled = spans.filter(({ flag }) => flag === 'garbled').reduce((sum, { start, end }) => sum + end - start, 0);
  if (garbled < length * GARBLED_SHARE) flags.delete('garbled');
  return [...flags];
}

/** In order, those of one kind that touch joined, none beyond the text. */
function joinSpans(spans: readonly FlaggedSpan[], length: number): FlaggedSpan[] {
  const byFlag = Map.groupBy(spans, ({ flag }) => flag);
  const joined = [...byFlag].flatMap(([flag, ofKind]) => {
    const apart = joinTouching(ofKind, length).map((span) => ({ ...span, flag }));
    const [first, last] = [apart[0], apart.at(-1)];
    // Too many to tell one by one; leaving some out would be a way to hide the one that matters.
    return first && last && apart.length > MAX_SPANS_OF_A_KIND ? [{ ...first, end: last.end }] : apart;
  });
  return joined.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function joinTouching(spans: readonly FlaggedSpan[], length: number): { start: number; end: number }[] {
  const apart: { start: number; end: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const [start, end] = [Math.max(0, span.start), Math.min(span.end, length)];
    const last = apart.at(-1);
    if (start >= end) continue;
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else apart.push({ start, end });
  }
  return apart;
}
