import { z } from 'zod';
import { capabilitiesSchema, pricesSchema } from '../models/capabilities.ts';
import { localSettingsSchema } from '../models/local-settings.ts';
import { modelAccessSchema } from '../models/model-access.ts';

/** What a configured model is, told to the server by the launcher and shown in the picker. */
export const modelKindSchema = z.enum(['extractive', 'local', 'online']);
/** What a model is for: to answer chats, to turn texts into vectors, or to order texts by how well they answer. */
export const modelPurposeSchema = z.enum(['chat', 'embedding', 'rerank']);
export type ModelPurpose = z.infer<typeof modelPurposeSchema>;

/** What only administrators see of a model that the launcher knows from its settings. */
export const catalogueAdministrationSchema = z.object({
  origin: z.enum(['built-in', 'config-file']),
  /** The preset that it was configured by: `deepseek`. */
  provider: z.string().nullable().default(null),
  /** The vendor's name, of an online model. */
  upstream_model: z.string().nullable().default(null),
  /** The file, of a local model, as an absolute path. */
  file: z.string().nullable().default(null),
  local: localSettingsSchema.nullable().default(null),
  prices: pricesSchema.nullable().default(null),
  access: modelAccessSchema.nullable().default(null),
});
export type CatalogueAdministration = z.output<typeof catalogueAdministrationSchema>;

export const catalogueModelSchema = z.object({
  name: z.string(),
  label: z.string(),
  kind: modelKindSchema,
  engine: z.string(),
  /** The environment variable that is missing, when the model waits for its key. */
  needs_key: z.string().nullable(),
  /** The built-in or stored knowledge base that every question to this model is answered from. */
  knowledge: z.string().nullable(),
  /** What it is for; only chat models stand in the picker of the composer. */
  purpose: modelPurposeSchema.default('chat'),
  /** Tokens that prompt and answer may have together; null when not known. */
  context_length: z.number().int().positive().nullable(),
  capabilities: capabilitiesSchema.prefault({}),
  /** For the administration of models; never part of what people are sent. */
  administration: catalogueAdministrationSchema.optional(),
});
export type CatalogueModel = z.infer<typeof catalogueModelSchema>;

/** `ready`: a worker serves it; `needs-key`: not started; `loading`: its file is being read; `unavailable`: configured, but no worker now. */
export const modelStateSchema = z.enum(['ready', 'needs-key', 'loading', 'unavailable']);
export const modelViewSchema = catalogueModelSchema.omit({ administration: true }).extend({
  state: modelStateSchema,
  /** Of a file that is being read, 0 to 100. */
  loading_percent: z.number().min(0).max(100).nullable().default(null),
});
export type ModelView = z.infer<typeof modelViewSchema>;

/** `GET /api/models`, in the configured order; models that only the gateway knows come last. */
export const modelViewListSchema = z.object({ models: z.array(modelViewSchema) });
export type ModelViewList = z.infer<typeof modelViewListSchema>;
