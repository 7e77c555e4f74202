import { z } from 'zod';
import { modelKindSchema, modelPurposeSchema } from '../app/models.ts';
import { capabilitiesSchema, pricesSchema, vendorModelSchema } from './capabilities.ts';
import { localSettingsSchema } from './local-settings.ts';
import { modelAccessSchema } from './model-access.ts';

// The app API under `/api/model-admin`, for owners only; everyone else gets 403. The models that
// people may use are `GET /api/models`.

const nameSchema = z.string().trim().min(1).max(256);
const keySchema = z.string().trim().min(1).max(4096);
const baseUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  // It is shown and stored as it is; what is secret has a field of its own.
  .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'must hold no name and no password');

/**
 * `ready`: answers; `starting`: its process comes up; `loading`: the file is being read; `released`: put
 * away by an owner, its settings kept; `failed`: it stays down until somebody does something;
 * `restarting`: it died and comes back; `needs-key`: waits for a key.
 */
export const adminModelStateSchema = z.enum([
  'ready',
  'starting',
  'loading',
  'restarting',
  'released',
  'failed',
  'needs-key',
]);

/** What a model's process does now. */
export const modelProcessSchema = z.object({
  pid: z.number().int().nullable(),
  address: z.string().nullable(),
  /** Resident memory, in bytes. */
  memory_bytes: z.number().int().nonnegative(),
  restarts: z.number().int().nonnegative(),
  /** Requests that run and that wait in it; null while it does not answer. */
  running: z.number().int().nonnegative().nullable(),
  waiting: z.number().int().nonnegative().nullable(),
  /** Tokens that it wrote in the last ten seconds, for a second; null for engines that do not count. */
  tokens_per_second: z.number().nonnegative().nullable(),
  /** What the model takes in memory beside its process, in bytes, as its engine says; null when unknown. */
  gpu_memory_bytes: z.number().int().nonnegative().nullable(),
});

/** One configured model as its administrators see it. */
export const adminModelSchema = z.object({
  name: z.string(),
  label: z.string(),
  kind: modelKindSchema,
  engine: z.string(),
  purpose: modelPurposeSchema,
  /** Where its settings live. What the configuration file sets is shown, and locked. */
  origin: z.enum(['built-in', 'config-file', 'page']),
  connection_id: z.string().nullable(),
  /** The vendor's name, of an online model. */
  upstream_model: z.string().nullable(),
  /** The file, of a local model: a name within the models folder, or an absolute path. */
  file: z.string().nullable(),
  file_bytes: z.number().int().nonnegative().nullable(),
  local: localSettingsSchema.nullable(),
  context_length: z.number().int().positive().nullable(),
  capabilities: capabilitiesSchema,
  prices: pricesSchema.nullable(),
  /** Requests at once that were set for an online model; null for the usual number. */
  concurrency: z.number().int().positive().nullable().default(null),
  access: modelAccessSchema,
  state: adminModelStateSchema,
  /** Of the file that is being read, 0 to 100; null when it is not, or nobody knows. */
  loading_percent: z.number().min(0).max(100).nullable(),
  /** Why it failed or died last, as a whole sentence. */
  problem: z.string().nullable(),
  /** The variable of `.env` that is missing, for `needs-key`. */
  needs_key: z.string().nullable(),
  process: modelProcessSchema.nullable(),
});
export type AdminModel = z.output<typeof adminModelSchema>;

/** A vendor's account or another server, added on the page; its key is stored sealed and never shown. */
export const modelConnectionSchema = z.object({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  base_url: z.string(),
  has_key: z.boolean(),
  /** Its last letters, to tell two keys apart: `…9aK2`; null without a key. */
  key_hint: z.string().nullable(),
  created_at: z.number().int(),
});
export type ModelConnection = z.output<typeof modelConnectionSchema>;

/** `GET /api/model-admin`. */
export const modelOverviewSchema = z.object({
  models: z.array(adminModelSchema),
  connections: z.array(modelConnectionSchema),
  /** Whether processes can be started and ended here; false where no launcher runs them. */
  can_manage: z.boolean(),
  /** The folder of model files, and what is free on its disk. */
  models_folder: z.string(),
  free_disk_bytes: z.number().int().nonnegative(),
  /** Memory of this machine, and how much of it is available now. */
  memory_bytes: z.number().int().nonnegative(),
  free_memory_bytes: z.number().int().nonnegative(),
});
export type ModelOverview = z.output<typeof modelOverviewSchema>;

/** What a provider is reached by. */
export const connectionInputSchema = z.object({
  provider: z.string().min(1).max(64),
  name: nameSchema.nullish(),
  base_url: baseUrlSchema.nullish(),
  api_key: keySchema.nullish(),
});
/** `POST /api/model-admin/connections/try`: what the key opens. Stores nothing. */
export const tryConnectionRequestSchema = connectionInputSchema;
export const triedConnectionSchema = z.object({
  provider: z.string(),
  base_url: z.string(),
  /** The vendor's list, the recommended first; the preset's own where the vendor has no list; empty where nobody knows any. */
  models: z.array(vendorModelSchema),
  /** The model that answered one token, and how long that took; null where no chat model is known. */
  tested: z.object({ model: z.string(), total_ms: z.number() }).nullable(),
});
export type TriedConnection = z.output<typeof triedConnectionSchema>;

/** An online model to be added to a connection. */
export const newOnlineModelSchema = z.object({
  upstream_model: z.string().trim().min(1).max(256),
  /** Name in the picker and the API; the vendor's, made unique, when left out. */
  name: nameSchema.nullish(),
  label: nameSchema.nullish(),
  purpose: modelPurposeSchema.default('chat'),
  context_length: z.number().int().positive().max(1e8).nullish(),
  capabilities: capabilitiesSchema.nullish(),
  prices: pricesSchema.nullish(),
});
/** `POST /api/model-admin/connections`: tests one token, then stores key and models; answered 201. */
export const createConnectionRequestSchema = connectionInputSchema.extend({
  models: z.array(newOnlineModelSchema).min(1).max(50),
});
/** The overview, and which of its connections was made. */
export const createdConnectionSchema = modelOverviewSchema.extend({ connection_id: z.string() });
export type CreatedConnection = z.output<typeof createdConnectionSchema>;
/** `POST /api/model-admin/connections/:id/models`: further models, one of them tested; answered 201 with the overview. */
export const addModelsRequestSchema = createConnectionRequestSchema.pick({ models: true });
/** `PATCH /api/model-admin/connections/:id`: a new key is tested before it replaces the old one. */
export const updateConnectionRequestSchema = z.object({
  name: nameSchema.optional(),
  base_url: baseUrlSchema.optional(),
  api_key: keySchema.optional(),
});
// `GET /api/model-admin/connections/:id/models`: the vendor's list anew, `{models: VendorModel[]}`.
export const vendorModelListSchema = z.object({ models: z.array(vendorModelSchema) });
// `DELETE /api/model-admin/connections/:id`: with its models.

/** `POST /api/model-admin/models`: one more model of a connection, tested, or of a file; answered 201 with the model. */
export const createModelRequestSchema = z.union([
  newOnlineModelSchema.extend({ connection_id: z.string().min(1).max(64) }),
  z.object({
    /** A name within the models folder, or an absolute path of this machine. */
    file: z.string().min(1).max(4096),
    name: nameSchema.nullish(),
    label: nameSchema.nullish(),
    /** What the file says, when left out. */
    purpose: modelPurposeSchema.nullish(),
    local: localSettingsSchema.prefault({}),
  }),
]);
export type CreateModelRequest = z.output<typeof createModelRequestSchema>;

/**
 * `PATCH /api/model-admin/models/:name`, answered with the model. Changed settings of the process take
 * effect by a replacement without a failed request. Of a model of the configuration file only `access` may be changed.
 */
export const updateModelRequestSchema = z.object({
  label: nameSchema.optional(),
  upstream_model: nameSchema.optional(),
  context_length: z.number().int().positive().max(1e8).nullable().optional(),
  capabilities: capabilitiesSchema.optional(),
  prices: pricesSchema.nullable().optional(),
  access: modelAccessSchema.optional(),
  local: localSettingsSchema.optional(),
  concurrency: z.number().int().min(1).max(10_000).nullable().optional(),
});
export type UpdateModelRequest = z.output<typeof updateModelRequestSchema>;
// `DELETE /api/model-admin/models/:name?with_file=true`: 204; the file goes only when asked for, and no other model uses it.

// `POST /api/model-admin/models/:name/{replace,release,load}`: answered with the model once it is done or has begun.
/** `POST /api/model-admin/models/:name/test`: asks the running model for a few tokens (or one vector, or one ranking). */
export const testedModelSchema = z.object({
  total_ms: z.number(),
  first_token_ms: z.number().nullable(),
  tokens_per_second: z.number().nullable(),
  /** The beginning of what it said, or what came back in words. */
  answer: z.string(),
});
export type TestedModel = z.output<typeof testedModelSchema>;
/** `GET /api/model-admin/models/:name/log`: the last lines of its process, oldest first. */
export const modelLogSchema = z.object({ lines: z.array(z.string()) });

/** `GET /api/model-admin/servers`: what answers on this machine's loopback at the default ports of known servers. */
export const foundServersSchema = z.object({
  servers: z.array(z.object({ provider: z.string(), label: z.string(), base_url: z.string() })),
});
export type FoundServers = z.output<typeof foundServersSchema>;
