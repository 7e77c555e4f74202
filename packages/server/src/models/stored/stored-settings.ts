import { z } from 'zod';
import { capabilitiesSchema, localSettingsSchema, pricesSchema } from '@parley/contracts';

/** The column `settings` of a model. */
export const storedSettingsSchema = z.object({
  /** The vendor's name, of an online model. */
  upstream_model: z.string().nullable().default(null),
  /** What the vendor or the file says. */
  context_length: z.number().int().positive().nullable().default(null),
  capabilities: capabilitiesSchema.prefault({}),
  prices: pricesSchema.nullable().default(null),
  /** Of a local model. */
  local: localSettingsSchema.nullable().default(null),
  /** Requests at once; null leaves it to the worker. */
  concurrency: z.number().int().positive().nullable().default(null),
});
export type StoredSettings = z.output<typeof storedSettingsSchema>;
