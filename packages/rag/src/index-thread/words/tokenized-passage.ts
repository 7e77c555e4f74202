import { toSearchTerms } from '@parley/text';
import type { IndexedChunk } from '../../knowledge/knowledge-index.ts';

/** A passage as its terms, in order and with repeats. */
export interface TokenizedPassage {
  id: string;
  text: readonly string[];
  title: readonly string[];
  heading: readonly string[];
}

/** A document's passages as one row, until their segment is sealed. */
export interface PendingRow {
  /** The document's number. */
  document: number;
  /** JSON list. */
  ids: string;
  /** A line per passage: terms of text, title and headings, which hold neither blanks nor tabs nor line breaks. */
  terms: string;
}

export function tokenize({ id, text, title, headingPath }: IndexedChunk): TokenizedPassage {
  return {
    id,
    text: toSearchTerms(text),
    title: toSearchTerms(title),
    heading: toSearchTerms(headingPath.join('\n')),
  };
}

export function toPendingRow(document: number, passages: readonly TokenizedPassage[]): PendingRow {
  const lines = passages.map(({ text, title, heading }) => [text, title, heading].map(joinTerms).join('\t'));
  return { document, ids: JSON.stringify(passages.map(({ id }) => id)), terms: lines.join('\n') };
}

export function fromPendingRow({ ids, terms }: PendingRow): TokenizedPassage[] {
  const lines = terms.split('\n');
  return (JSON.parse(ids) as string[]).map((id, index) => {
    const [text = '', title = '', heading = ''] = lines[index]?.split('\t') ?? [];
    return { id, text: splitTerms(text), title: splitTerms(title), heading: splitTerms(heading) };
  });
}

function joinTerms(terms: readonly string[]): string {
  return terms.join(' ');
}

function splitTerms(terms: string): string[] {
  return terms === '' ? [] : terms.split(' ');
}
