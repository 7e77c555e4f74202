import { z } from 'zod';

/** What was noticed in a document or passage that a reader, or a model, should be warned of. */
export const documentFlagSchema = z.enum([
  /** Much of the text cannot be read: a font without a map to letters, a wrong encoding. */
  'garbled',
  /** Text that a person would not have seen: white, tiny, off the page, hidden by style, Unicode tags. */
  'hidden-text',
  /** Text that gives orders to a model instead of informing a reader. */
  'instructions',
  /** A scanned document: pages without any text. */
  'no-text-layer',
  /** More than we keep; the rest was left out. */
  'cut-off',
]);
export type DocumentFlag = z.infer<typeof documentFlagSchema>;

/**
 * A passage that an answer may cite as `[index]`. `start` and `end` are UTF-16 offsets into the
 * stored text of that version of the document, and `quote` is exactly what stands there; both were
 * compared before the source was sent. Fields with a default are missing from answers that were
 * stored before knowledge bases came.
 */
export const sourceSchema = z.object({
  index: z.number().int().positive(),
  document_id: z.string(),
  /** The version that the span counts in; it is kept as long as an answer cites it. Null for the guide. */
  version_id: z.string().nullable().default(null),
  /** Null for the guide and for files that a command reads. */
  base_id: z.string().nullable().default(null),
  title: z.string(),
  /** Headings above the passage, outermost first. */
  heading_path: z.array(z.string()),
  /** The page, sheet or slide on which the passage begins, from 1; null where there are none. */
  page: z.number().int().positive().nullable().default(null),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  quote: z.string(),
  /** SHA-256 of `quote`, hexadecimal; null in answers from before there were hashes. */
  hash: z.string().nullable().default(null),
  flags: z.array(documentFlagSchema).default([]),
  /** Retrieval score; larger is better, comparable within one answer only. */
  score: z.number(),
});
export type Source = z.infer<typeof sourceSchema>;

/** `GET /api/documents/:id?version=…`: the text that `start` and `end` count in; the newest version unless one is named. */
export const documentSchema = z.object({
  id: z.string(),
  base_id: z.string().nullable().default(null),
  version_id: z.string().nullable().default(null),
  title: z.string(),
  language: z.string(),
  media_type: z.string(),
  /** Where each page, sheet or slide begins in `text`; empty where there are none. */
  pages: z.array(z.object({ number: z.number().int().positive(), start: z.number().int().nonnegative() })).default([]),
  /** Whether `GET /api/documents/:id/file?version=…` answers the file itself. */
  has_file: z.boolean().default(false),
  text: z.string(),
});
export type DocumentView = z.infer<typeof documentSchema>;

/** `GET /api/documents`: the pages of the guide, without the texts. */
export const documentListSchema = z.object({ documents: z.array(documentSchema.omit({ text: true })) });
export type DocumentList = z.infer<typeof documentListSchema>;
