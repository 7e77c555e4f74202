import { z } from 'zod';
import { modelPurposeSchema } from '../app/models.ts';
import { errorCodeSchema } from '../errors/error-body.ts';

/** A model of the short list: known to run well, and small. Sizes are those of the hub's files. */
export const libraryModelSchema = z.object({
  /** `hf:owner/repo/file.gguf`. */
  source: z.string(),
  label: z.string(),
  purpose: modelPurposeSchema,
  /** Bytes of the file. */
  size_bytes: z.number().int().positive(),
  /** Bytes of memory that it needs with its standard context. */
  memory_bytes: z.number().int().positive(),
  licence: z.string(),
  /** Languages that it is good at. */
  languages: z.array(z.string()),
  /** One sentence, in both languages. */
  about: z.object({ en: z.string(), zh: z.string() }),
});
export type LibraryModel = z.output<typeof libraryModelSchema>;

/** A model of the models folder. */
export const modelFileSchema = z.object({
  /** The first one of a model that is split into several files, `name-00001-of-00003.gguf`. */
  file: z.string(),
  /** Of all its files that are there. */
  size_bytes: z.number().int().nonnegative(),
  /** Names of the configured models that use it. */
  used_by: z.array(z.string()),
});
/** `GET /api/model-admin/library`. */
export const modelLibrarySchema = z.object({
  models: z.array(libraryModelSchema),
  files: z.array(modelFileSchema),
});
export type ModelLibrary = z.output<typeof modelLibrarySchema>;
// `DELETE /api/model-admin/library/files/:file`: 204, all files of a split model; refused for one that a model uses.

/** `paused`: the server stopped under it, and goes on by itself when it starts. */
export const downloadStateSchema = z.enum(['queued', 'running', 'checking', 'done', 'failed', 'paused']);

export const modelDownloadSchema = z.object({
  id: z.string(),
  /** `hf:owner/repo/file.gguf`, or the address; of the first file of a model that is split. */
  source: z.string(),
  file: z.string(),
  state: downloadStateSchema,
  /** Of all files of a split model, as is `size_bytes`. */
  received_bytes: z.number().int().nonnegative(),
  /** Null until the server has said it. */
  size_bytes: z.number().int().nonnegative().nullable(),
  /** Over the last seconds; null when not running. */
  bytes_per_second: z.number().nonnegative().nullable(),
  seconds_left: z.number().nonnegative().nullable(),
  error: z.object({ code: errorCodeSchema, message: z.string() }).nullable(),
  /** The model that was made of it, when it was asked for and the file is there. */
  model: z.string().nullable(),
  created_at: z.number().int(),
});
export type ModelDownload = z.output<typeof modelDownloadSchema>;
/** `GET /api/model-admin/downloads`, newest first. */
export const modelDownloadListSchema = z.object({ downloads: z.array(modelDownloadSchema) });

/** `POST /api/model-admin/downloads`: answered 201 with the download. `DELETE …/:id` cancels and leaves nothing. */
export const startDownloadRequestSchema = z.object({
  /**
   * `hf:owner/repo/path/file.gguf`, or an http(s) address that ends in `.gguf`; any one of the files
   * `name-00001-of-00003.gguf` … means all of them.
   */
  source: z.string().trim().min(1).max(2048),
  /** SHA-256 in hex, where the person knows it; else the hub's own is used. Refused for a split model. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .nullish(),
  /** Make a model of it when it is there. */
  add_model: z.boolean().default(true),
});
// `POST /api/model-admin/downloads/:id/resume`: tries a failed one again, from where it stopped.
