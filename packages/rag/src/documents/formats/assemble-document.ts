import { ParleyError } from '@parley/contracts';
import { detectLanguage } from '@parley/text';
import type { FlaggedSpan, PageStart, ParsedDocument } from '../../parsing/reader-events.ts';
import type { ParseContext } from './format.ts';
import { readMarks, type TextMarks } from './text-marks.ts';

/** What a format has read. */
export interface DocumentDraft {
  mediaType: string;
  /** Null: the name of the file without its extension. */
  title: string | null;
  /** What the document says; Chinese text is Chinese whatever it says. */
  language?: string | null;
  /** In order: pages, sheets, slides, or the whole text as one. */
  parts: readonly string[];
  /** Whether the parts are pages; they are numbered from 1. */
  isPaged?: boolean;
  marks?: TextMarks | null;
  /** Something was left out for its length already. */
  isCutOff?: boolean;
}

/** As much of a text as tells its language. */
const LANGUAGE_SAMPLE = 20_000;

/**
 * Makes a document of a draft: parts joined by a blank line, marks taken out, cut at the
 * limit. Throws `document_empty` when there is nothing to read.
 */
export function assembleDocument(draft: DocumentDraft, { name, limits }: ParseContext): ParsedDocument {
  const { text, pages, flaggedSpans, isCut } = joinParts(draft, limits.maxTextLength);
  if (text.trim() === '') throw new ParleyError('document_empty', `${name} has no text.`);
  const sample = text.slice(0, LANGUAGE_SAMPLE);
  return {
    title: oneLine(draft.title ?? '') || nameWithoutExtension(name),
    language: detectLanguage(sample) === 'zh' ? 'zh' : (languageCode(draft.language) ?? 'en'),
    mediaType: draft.mediaType,
    text,
    pages,
    flags: isCut || draft.isCutOff ? ['cut-off'] : [],
    flaggedSpans,
  };
}

interface JoinedParts {
  text: string;
  pages: PageStart[];
  flaggedSpans: FlaggedSpan[];
  isCut: boolean;
}

function joinParts({ parts, marks = null, isPaged = false }: DocumentDraft, maxLength: number): JoinedParts {
  const texts: string[] = [];
  const joined: JoinedParts = { text: '', pages: [], flaggedSpans: [], isCut: false };
  let length = 0;
  for (const [place, part] of parts.entries()) {
    const clean = readMarks(withPlainLines(part), marks);
    const separator = length > 0 && clean.text !== '' ? '\n\n' : '';
    const start = length + separator.length;
    const room = maxLength - start;
    joined.isCut ||= clean.text.length > Math.max(0, room);
    if (room <= 0) break;
    const text = cutText(clean.text, room);
    if (isPaged) joined.pages.push({ number: place + 1, start });
    joined.flaggedSpans.push(...shiftSpans(clean.flaggedSpans, { by: start, end: start + text.length }));
    texts.push(separator, text);
    length = start + text.length;
  }
  return { ...joined, text: texts.join('') };
}

function shiftSpans(spans: readonly FlaggedSpan[], { by, end }: { by: number; end: number }): FlaggedSpan[] {
  return spans
    .map((span) => ({ ...span, start: span.start + by, end: Math.min(span.end + by, end) }))
    .filter((span) => span.start < span.end);
}

function withPlainLines(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/** Never inside a surrogate pair. */
function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const isInPair = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  return text.slice(0, isInPair ? length - 1 : length);
}

function languageCode(language: string | null | undefined): string | null {
  return /^[a-z]{2,3}(?=[-_]|$)/i.exec(language ?? '')?.[0].toLowerCase() ?? null;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 500);
}

function nameWithoutExtension(name: string): string {
  const last = name.split(/[\\/]/).findLast((step) => step !== '') ?? name;
  return last.replace(/(?<=.)\.[A-Za-z0-9]{1,10}$/, '') || last;
}
