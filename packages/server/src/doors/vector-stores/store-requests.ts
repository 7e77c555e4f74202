import { z } from 'zod';
import { splitSettingsSchema } from '@parley/contracts';

const MOST_PAIRS = 16;

const keySchema = z.string().min(1).max(64);
const textSchema = z.string().max(512);
const isSmall = (pairs: object): boolean => Object.keys(pairs).length <= MOST_PAIRS;
const tooMany = `must have at most ${MOST_PAIRS} names`;

/** What a program attaches to a file and may filter by. */
export const attributesSchema = z
  .record(keySchema, z.union([textSchema, z.number(), z.boolean()]))
  .refine(isSmall, tooMany);
export type Attributes = z.output<typeof attributesSchema>;

/** What a program attaches to a store. */
export const metadataSchema = z.record(keySchema, textSchema).refine(isSmall, tooMany);

const never = (sentence: string) => z.null(sentence).optional();

/** Tokens are estimated here, so a wish is kept as near as an estimate is. */
const chunkingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auto') }),
  z.object({
    type: z.literal('static'),
    static: z.object({
      max_chunk_size_tokens: splitSettingsSchema.shape.max_tokens.unwrap(),
      chunk_overlap_tokens: splitSettingsSchema.shape.overlap_tokens.unwrap(),
    }),
  }),
]);
export type Chunking = z.output<typeof chunkingSchema>;

const fileIdSchema = z.string().min(1).max(128);
const fileIdsSchema = z.array(fileIdSchema).max(500);
const storeNameSchema = z.string().trim().min(1).max(120);
const descriptionSchema = z.string().trim().max(2_000);
const noExpiry = never('vector stores do not expire here; delete it when it is not needed any more');

export const createStoreSchema = z.object({
  name: storeNameSchema.nullish(),
  description: descriptionSchema.nullish(),
  file_ids: fileIdsSchema.nullish(),
  chunking_strategy: chunkingSchema.nullish(),
  metadata: metadataSchema.nullish(),
  expires_after: noExpiry,
});
export type CreateStore = z.output<typeof createStoreSchema>;

export const modifyStoreSchema = z.object({
  name: storeNameSchema.nullish(),
  description: descriptionSchema.nullish(),
  metadata: metadataSchema.nullish(),
  expires_after: noExpiry,
});
export type ModifyStore = z.output<typeof modifyStoreSchema>;

export const addStoreFileSchema = z.object({
  file_id: fileIdSchema,
  attributes: attributesSchema.nullish(),
  chunking_strategy: chunkingSchema.nullish(),
});
export type AddStoreFile = z.output<typeof addStoreFileSchema>;

export const modifyStoreFileSchema = z.object({ attributes: attributesSchema.nullable() });

export const createBatchSchema = z
  .object({
    file_ids: fileIdsSchema.nullish(),
    files: z.array(addStoreFileSchema).max(500).nullish(),
    attributes: attributesSchema.nullish(),
    chunking_strategy: chunkingSchema.nullish(),
  })
  .refine(({ file_ids: ids, files }) => Boolean(ids?.length) !== Boolean(files?.length), {
    path: ['file_ids'],
    message: 'give either file_ids or files, with at least one file',
  })
  .transform(({ file_ids: ids, files, attributes, chunking_strategy }): AddStoreFile[] =>
    files?.length ? files : (ids ?? []).map((file_id) => ({ file_id, attributes, chunking_strategy })),
  );

export const fileStatusSchema = z.enum(['in_progress', 'completed', 'failed', 'cancelled']);
export type FileStatus = z.output<typeof fileStatusSchema>;
