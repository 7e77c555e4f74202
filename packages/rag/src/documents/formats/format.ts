import type { ParsedDocument } from '../../parsing/reader-events.ts';

/** How much one file may become. */
export interface ParseLimits {
  /** UTF-16 units of text that are kept; a parser may stop there, the rest is cut off with a flag. */
  maxTextLength: number;
  /** Bytes that a file and all in it may become when it is unpacked; beyond it `document_bomb`. */
  maxUnpackedBytes: number;
  /** Files in one archive or container; beyond it `document_bomb`. */
  maxEntries: number;
}

export interface ParseContext {
  /** The file's own name: shown, and the title of what has none. Never a path to open. */
  name: string;
  /** CSS selectors of the parts of a web page to keep; the main content when empty. */
  select: readonly string[];
  limits: ParseLimits;
  /** 0 to 100, of this document. */
  progress(percent: number): void;
}

/** One kind of document. Runs inside a reader process only, so its parsers may be heavy; imports them lazily. */
export interface Format {
  /** As a person knows it: "PDF", "Word". Stands in sentences. */
  name: string;
  parse(bytes: Uint8Array, context: ParseContext): Promise<ParsedDocument>;
}

/** A file whose kind is asked for: by its first bytes, then its media type, then its name. */
export interface FileToRead {
  name: string;
  mediaType: string | null;
  bytes: Uint8Array;
}

/** A file of an archive, written to a name that the unpacker made; `name` is only shown. */
export interface ArchiveEntry {
  name: string;
  path: string;
  /** Bytes. */
  size: number;
}

/**
 * All kinds of documents, as `formats/index.ts` exports them. Archives are no format: `isArchive` is
 * true for a zip that is none of the documents which are zips themselves (DOCX, XLSX, PPTX, EPUB, ODT),
 * and `formatFor` answers null for it.
 */
export interface Formats {
  formatFor(file: FileToRead): Format | null;
  isArchive(file: FileToRead): boolean;
  unpackArchive(
    bytes: Uint8Array,
    folder: string,
    limits: Pick<ParseLimits, 'maxUnpackedBytes' | 'maxEntries'>,
  ): AsyncIterable<ArchiveEntry>;
}
