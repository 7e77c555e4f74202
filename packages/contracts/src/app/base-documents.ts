import { z } from 'zod';
import { errorCodeSchema } from '../errors/error-body.ts';
import { splitSettingsSchema } from './knowledge-bases.ts';
import { documentFlagSchema } from './sources.ts';

const timeSchema = z.number().int();

/** Where a document is on its way into the base. The last four are ends. */
export const documentStateSchema = z.enum([
  'queued',
  'fetching',
  'parsing',
  'splitting',
  'embedding',
  'ready',
  'failed',
  'cancelled',
  /** It brought down its reader too often and is not tried again by itself. */
  'set-aside',
]);
export type DocumentState = z.infer<typeof documentStateSchema>;

export const baseDocumentSchema = z.object({
  id: z.string(),
  base_id: z.string(),
  /** The file's name, or the page's address. */
  name: z.string(),
  title: z.string(),
  kind: z.enum(['file', 'page']),
  media_type: z.string(),
  /** Bytes; null until it was fetched. */
  size: z.number().int().nonnegative().nullable(),
  state: documentStateSchema,
  /** Of the whole way, 0 to 100. */
  percent: z.number().min(0).max(100),
  /** Why it failed. */
  error: z.object({ code: errorCodeSchema, message: z.string() }).nullable(),
  /** A disabled document is kept but not searched. */
  is_enabled: z.boolean(),
  version_id: z.string().nullable(),
  version: z.number().int().nonnegative(),
  chunks: z.number().int().nonnegative(),
  pages: z.number().int().nonnegative(),
  characters: z.number().int().nonnegative(),
  flags: z.array(documentFlagSchema),
  /** Further pages are being looked for from this one; it may be ready itself. Left out where not. */
  is_crawling: z.boolean().optional(),
  created_at: timeSchema,
  updated_at: timeSchema,
});
export type BaseDocument = z.infer<typeof baseDocumentSchema>;

/**
 * `GET /api/knowledge-bases/:id/documents?after=…&limit=…`, newest first; `GET …/documents/:documentId`
 * answers one of them.
 */
export const baseDocumentPageSchema = z.object({ documents: z.array(baseDocumentSchema), next: z.string().nullable() });

/**
 * `GET /api/knowledge-bases/:id/events`: SSE of the default name, one `baseDocumentSchema` per
 * change of a document, and `{"id", "removed": true}` for one that was deleted.
 */
export const documentChangeSchema = z.union([
  baseDocumentSchema,
  z.object({ id: z.string(), removed: z.literal(true) }),
]);
export type DocumentChange = z.infer<typeof documentChangeSchema>;

/** Largest file, in bytes. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

/**
 * `POST /api/knowledge-bases/:id/documents?name=…`: the body is the file itself, of any media type;
 * answered 201 with the document. A file of the same name is a new version of it; the very same
 * bytes change nothing. Answered as soon as the file is stored; the rest is a job.
 */
export const uploadQuerySchema = z.object({ name: z.string().trim().min(1).max(500) });

/** `POST /api/knowledge-bases/:id/pages`, answered 201 with the documents that are known so far. */
export const addPagesRequestSchema = z.object({
  url: z.string().trim().min(1).max(4_000),
  /** CSS selectors of the parts to keep; the main content when empty. */
  select: z.array(z.string().min(1).max(500)).max(20).default([]),
  /** `site`: also the pages that it links to on the same site, or that its sitemap names. */
  extent: z.enum(['page', 'site', 'sitemap']).default('page'),
  /** Links to follow from the first page, for `site`. */
  depth: z.number().int().min(1).max(5).default(2),
  /** Most pages. */
  limit: z.number().int().min(1).max(1_000).default(50),
});
export type AddPagesRequest = z.infer<typeof addPagesRequestSchema>;
export const addedDocumentsSchema = z.object({ documents: z.array(baseDocumentSchema) });

/** `PATCH /api/documents/:id`, answered with the document. `DELETE` removes it; `POST …/cancel`, `…/retry` and `…/refresh` (fetch the page again) answer it. */
export const updateDocumentRequestSchema = z.object({
  title: z.string().trim().min(1).max(500).nullish(),
  is_enabled: z.boolean().nullish(),
});

/** `GET /api/documents/:id/versions`: those whose text is kept, newest first. */
export const documentVersionListSchema = z.object({
  versions: z.array(
    z.object({
      id: z.string(),
      number: z.number().int().nonnegative(),
      characters: z.number().int().nonnegative(),
      /** Its text was changed here; it has no file of its own. */
      is_edited: z.boolean(),
      created_at: timeSchema,
    }),
  ),
});
export type DocumentVersion = z.infer<typeof documentVersionListSchema>['versions'][number];

/** `PUT /api/documents/:id/text`: replaces a part of the text of the newest version by another text and makes a new version; empty text deletes. */
export const editTextRequestSchema = z.object({
  version_id: z.string().max(64),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  text: z.string().max(1_000_000),
});

export const chunkSchema = z.object({
  id: z.string(),
  ordinal: z.number().int().nonnegative(),
  page: z.number().int().positive().nullable(),
  heading_path: z.array(z.string()),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  flags: z.array(documentFlagSchema),
  is_enabled: z.boolean(),
});
export type ChunkView = z.infer<typeof chunkSchema>;
/** `GET /api/documents/:id/chunks`: of the newest version, in order. `PATCH /api/chunks/:id` takes `{is_enabled}`. */
export const chunkListSchema = z.object({ version_id: z.string().nullable(), chunks: z.array(chunkSchema) });
export const updateChunkRequestSchema = z.object({ is_enabled: z.boolean() });

/** `POST /api/knowledge-bases/preview`: how a text would be cut. */
export const previewRequestSchema = z.object({
  text: z.string().max(200_000),
  split: splitSettingsSchema.prefault({}),
});
export const previewSchema = z.object({ chunks: z.array(chunkSchema.omit({ id: true, is_enabled: true })) });

/** `POST /api/knowledge-bases/preview-file?name=…`: the body is a file; answers the text that would be kept, cut at 200,000. */
export const previewFileSchema = z.object({ title: z.string(), text: z.string(), flags: z.array(documentFlagSchema) });
