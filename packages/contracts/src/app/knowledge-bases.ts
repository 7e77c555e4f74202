import { z } from 'zod';
import { errorCodeSchema } from '../errors/error-body.ts';

const timeSchema = z.number().int();
const nameSchema = z.string().trim().min(1).max(120);

/** How a base's documents are cut. Sizes are estimated tokens of a passage. */
export const splitSettingsSchema = z.object({
  max_tokens: z.number().int().min(50).max(4_000).default(350),
  /** Estimated tokens that a passage repeats of the one before it; whole sentences. */
  overlap_tokens: z.number().int().min(0).max(1_000).default(0),
});
export type SplitSettings = z.infer<typeof splitSettingsSchema>;

/** How a base is searched and what the answer may use. */
export const retrievalSettingsSchema = z.object({
  /** Share of the dense leg in the fused score, 0 to 1; the lexical leg has the rest. Tuned on judged queries. */
  dense_weight: z.number().min(0).max(1).default(0.5),
  /** A model that orders the best passages anew; null: none. */
  rerank_model: z.string().min(1).max(256).nullable().default(null),
  /** Passages in one prompt, at most. */
  passages: z.number().int().min(1).max(50).default(5),
});
export type RetrievalSettings = z.infer<typeof retrievalSettingsSchema>;

/** What the model is told, in place of the library's prompt; `{passages}` stands for the passages. Null: the library's. */
export const basePromptSchema = z
  .string()
  .max(8_000)
  .refine((text) => text.includes('{passages}'), 'must contain {passages}')
  .nullable();

/** `GET /api/prompts`: the library's prompts for answers from passages, to begin one's own with. */
export const promptLibrarySchema = z.object({ en: z.string(), zh: z.string() });
export type PromptLibrary = z.infer<typeof promptLibrarySchema>;

export const baseSettingsSchema = z.object({
  split: splitSettingsSchema.prefault({}),
  retrieval: retrievalSettingsSchema.prefault({}),
  prompts: z.object({ en: basePromptSchema.default(null), zh: basePromptSchema.default(null) }).prefault({}),
  /** Where its vectors lie: in the embedded index, or in the Chroma server of the settings. Fixed at creation. */
  vector_store: z.enum(['embedded', 'chroma']).default('embedded'),
});
export type BaseSettings = z.infer<typeof baseSettingsSchema>;

/** Something that makes answers worse than they look; shown until it is over. */
export const baseAlarmSchema = z.object({
  kind: z.enum([
    /** The embedding model did not answer: only words are searched. */
    'embedding-failed',
    /** The vector store did not answer: only words are searched. */
    'vector-store-failed',
    /** The reranking model did not answer: the order is the searches'. */
    'rerank-failed',
    /** The word index did not answer: only meaning is searched. */
    'words-failed',
    /** The question has no words that can be searched: only meaning is searched. */
    'no-terms',
    /** Rows and index do not agree; `verify` says where, `rebuild` mends it. */
    'index-differs',
  ]),
  message: z.string(),
  since: timeSchema,
});
export type BaseAlarm = z.infer<typeof baseAlarmSchema>;

/** A set of vectors made by one model. One is active at a time; the one before is kept for going back. */
export const embeddingSpaceSchema = z.object({
  id: z.string(),
  model: z.string(),
  /** Null until the first vector came. */
  dimensions: z.number().int().positive().nullable(),
  state: z.enum(['filling', 'active', 'retired', 'failed']),
  /** Passages that have their vector, and all. */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  error: z.object({ code: errorCodeSchema, message: z.string() }).nullable(),
  created_at: timeSchema,
});
export type EmbeddingSpace = z.infer<typeof embeddingSpaceSchema>;

/** What the one who asks may do: a reader asks and reads; an editor changes documents; an owner also shares and deletes. */
export const baseRoleSchema = z.enum(['reader', 'editor', 'owner']);
export type BaseRole = z.infer<typeof baseRoleSchema>;

export const knowledgeBaseSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** `conversation`: made of the files dropped into one conversation, and not listed. */
  kind: z.enum(['base', 'conversation']),
  role: baseRoleSchema,
  owner_name: z.string(),
  visibility: z.enum(['private', 'public']),
  settings: baseSettingsSchema,
  documents: z.object({ ready: z.number().int(), running: z.number().int(), failed: z.number().int() }),
  chunks: z.number().int(),
  /** Newest first; empty: searched by words alone. */
  spaces: z.array(embeddingSpaceSchema),
  alarms: z.array(baseAlarmSchema),
  created_at: timeSchema,
  updated_at: timeSchema,
});
export type KnowledgeBase = z.infer<typeof knowledgeBaseSchema>;

/** `GET /api/knowledge-bases`: one's own, those shared with one, and the public ones; by name. */
export const knowledgeBaseListSchema = z.object({
  bases: z.array(knowledgeBaseSchema),
  /** Where a new base may keep its vectors; `chroma` when the settings name a server. */
  vector_stores: z.array(z.enum(['embedded', 'chroma'])).default(['embedded']),
});
export type KnowledgeBaseList = z.infer<typeof knowledgeBaseListSchema>;

/** `POST /api/knowledge-bases`, answered 201 with the base. `embedding_model` null: searched by words alone. */
export const createBaseRequestSchema = z.object({
  name: nameSchema,
  description: z.string().trim().max(2_000).default(''),
  embedding_model: z.string().min(1).max(256).nullish(),
  settings: baseSettingsSchema.prefault({}),
});
export type CreateBaseRequest = z.infer<typeof createBaseRequestSchema>;

/**
 * `PATCH /api/knowledge-bases/:id`, answered with the base. New split settings cut every document
 * anew. `PUT /api/knowledge-bases/:id/embedding-model` and `POST …/spaces/:spaceId/activate` are the
 * ways to another model and back.
 */
export const updateBaseRequestSchema = z.object({
  name: nameSchema.nullish(),
  description: z.string().trim().max(2_000).nullish(),
  settings: baseSettingsSchema.omit({ vector_store: true }).partial().nullish(),
});
export type UpdateBaseRequest = z.infer<typeof updateBaseRequestSchema>;

/** `PUT /api/knowledge-bases/:id/embedding-model`: fills a new space beside the active one, then switches; null: words alone. */
export const chooseEmbeddingModelRequestSchema = z.object({ model: z.string().min(1).max(256).nullable() });

/** `GET` and `PUT /api/knowledge-bases/:id/sharing`, for its owner. Users are named as they sign in. */
export const sharingSchema = z.object({
  visibility: z.enum(['private', 'public']),
  users: z
    .array(z.object({ name: z.string().trim().min(1).max(64), role: baseRoleSchema.exclude(['owner']) }))
    .max(1_000),
});
export type Sharing = z.infer<typeof sharingSchema>;

/** `POST /api/knowledge-bases/:id/verify` and `…/rebuild`: rows against what the indexes hold. */
export const indexReportSchema = z.object({
  documents: z.number().int(),
  chunks: z.number().int(),
  /** In the rows, not in the index; in the index, not in the rows. Empty lists: they agree. */
  missing: z.array(z.string()),
  surplus: z.array(z.string()),
  /** The same of the active space's vectors; null without one. */
  vectors: z.object({ expected: z.number().int(), found: z.number().int() }).nullable(),
  agrees: z.boolean(),
});
export type IndexReport = z.infer<typeof indexReportSchema>;
