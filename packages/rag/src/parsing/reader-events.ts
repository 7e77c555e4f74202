import type { DocumentFlag, SplitSettings } from '@parley/contracts';

/** Where a page, sheet or slide begins in the text. */
export interface PageStart {
  number: number;
  start: number;
}

/** A part of the text that was noticed, UTF-16 offsets. */
export interface FlaggedSpan {
  start: number;
  end: number;
  flag: DocumentFlag;
}

/** A document as a parser hands it on: Markdown-like text, and where things are in it. */
export interface ParsedDocument {
  title: string;
  /** `en`, `zh`, or what the document says. */
  language: string;
  mediaType: string;
  text: string;
  pages: PageStart[];
  /** About the whole document. */
  flags: DocumentFlag[];
  /** About parts of it. */
  flaggedSpans: FlaggedSpan[];
}

/** A passage as the splitter cuts it. */
export interface ParsedChunk {
  ordinal: number;
  page: number | null;
  headingPath: string[];
  start: number;
  end: number;
  text: string;
  /** SHA-256, hexadecimal, of title, headings and text: what is searched and embedded. */
  hash: string;
  flags: DocumentFlag[];
}

/** What to read. Files are named by their path on this machine; their own names are only shown and tell their kind. */
export type ReadInput =
  | { kind: 'file'; path: string; name: string; mediaType: string | null; select: string[]; split: SplitSettings }
  /** Text that is stored already and is only cut anew. */
  | {
      kind: 'text';
      title: string;
      text: string;
      pages: PageStart[];
      flaggedSpans: FlaggedSpan[];
      split: SplitSettings;
    };

/**
 * What a reader process says, in this order: `head`, `text` parts that join to the whole, `chunks`,
 * `end`. An archive answers `entry` for each file in it instead, and `end`. `progress` in between.
 */
export type ReaderEvent =
  | { type: 'progress'; stage: 'parsing' | 'splitting'; percent: number }
  | { type: 'head'; document: Omit<ParsedDocument, 'text'> & { length: number } }
  /** At most 64 Ki UTF-16 units; never cut inside a surrogate pair. */
  | { type: 'text'; start: number; text: string }
  /** At most 200. */
  | { type: 'chunks'; chunks: ParsedChunk[] }
  /** A file of an archive, unpacked to `path`, which the caller moves away or deletes. */
  | { type: 'entry'; name: string; path: string; size: number }
  | { type: 'end' };

/**
 * Reads documents in processes that can be killed. Ends with `ParleyError`: `document_encrypted`,
 * `document_empty`, `document_type_unknown`, `document_bomb`, `document_too_slow`,
 * `document_too_large`, `document_unreadable`; `request_aborted` within a second of `signal`.
 */
export interface DocumentReader {
  read(input: ReadInput, signal: AbortSignal): AsyncIterable<ReaderEvent>;
  close(): Promise<void>;
}
