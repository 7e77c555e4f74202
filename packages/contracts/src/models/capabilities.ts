import { z } from 'zod';

/** What a chat model can do beside text. What is not known is taken for "no". */
export const capabilitiesSchema = z.object({
  /** Reads images. */
  vision: z.boolean().default(false),
  /** Calls tools. */
  tools: z.boolean().default(false),
  /** Thinks before it answers, and shows it. */
  reasoning: z.boolean().default(false),
});
export type Capabilities = z.output<typeof capabilitiesSchema>;

/** What a vendor takes, in `currency` for a million tokens. For show and for counting; Parley bills nobody. */
export const pricesSchema = z.object({
  currency: z.enum(['USD', 'CNY']).default('USD'),
  input: z.number().nonnegative().max(1e6),
  output: z.number().nonnegative().max(1e6),
});
export type Prices = z.output<typeof pricesSchema>;

/** A model as its vendor's own list names it, or as a preset suggests it. */
export const vendorModelSchema = z.object({
  /** The vendor's name. */
  id: z.string().min(1).max(256),
  label: z.string().max(256).nullable(),
  purpose: z.enum(['chat', 'embedding', 'rerank']),
  /** Tokens of prompt and answer together; null when not known. */
  context_length: z.number().int().positive().nullable(),
  capabilities: capabilitiesSchema,
  prices: pricesSchema.nullable(),
  /** Whether the presets recommend it to somebody who begins. */
  is_recommended: z.boolean(),
});
export type VendorModel = z.output<typeof vendorModelSchema>;

/** Answer of a worker's `GET /worker/upstream-models`: what the vendor says that it serves. */
export const upstreamModelsSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      label: z.string().nullable(),
      purpose: z.enum(['chat', 'embedding', 'rerank']).nullable(),
      context_length: z.number().int().positive().nullable(),
      /** What the vendor says; a capability that it does not speak of is left out. */
      capabilities: z.object({
        vision: z.boolean().optional(),
        tools: z.boolean().optional(),
        reasoning: z.boolean().optional(),
      }),
    }),
  ),
});
export type UpstreamModels = z.output<typeof upstreamModelsSchema>;
