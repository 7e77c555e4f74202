import { z } from 'zod';

/**
 * What a job has to know beside its base and document. One shape for all kinds, so that a job of any
 * version of Parley can be read: what a kind has no use for is missing.
 */
export const jobPayloadSchema = z.object({
  /** ingest: the stored file to read; missing for a page that is still to be fetched. */
  hash: z.string().nullish(),
  size: z.number().nullish(),
  mediaType: z.string().nullish(),
  /** ingest: also when the searched version was made of the very same bytes. */
  isForced: z.boolean().nullish(),
  /** split: the change to make to the text before it is cut. */
  edit: z.object({ versionId: z.string(), start: z.number().int(), end: z.number().int(), text: z.string() }).nullish(),
  /** crawl: what to look for. */
  crawl: z.object({ extent: z.enum(['site', 'sitemap']), depth: z.number().int(), limit: z.number().int() }).nullish(),
  /** fill-space. */
  spaceId: z.string().nullish(),
  /** How often it failed for a reason that may pass. */
  failures: z.number().int().nullish(),
});
export type JobPayload = z.infer<typeof jobPayloadSchema>;

/** How a page is fetched, as `documents.source` keeps it. */
export const pageSourceSchema = z.object({ url: z.string(), select: z.array(z.string()).default([]) });
export type PageSource = z.infer<typeof pageSourceSchema>;
