import { z } from 'zod';
import {
  capabilitiesSchema,
  MAX_EMBEDDING_INPUTS,
  modelAccessSchema,
  modelPurposeSchema,
  pricesSchema,
  providerNamed,
} from '@parley/contracts';
import { byteSizeSchema } from './byte-size.ts';

const shared = {
  name: z.string().min(1).max(256).describe('Name in the picker and in the API'),
  label: z.string().min(1).optional().describe('How the picker shows it'),
  purpose: modelPurposeSchema
    .default('chat')
    .describe('What it is for: chat, embedding (texts to vectors) or rerank (orders passages)'),
  speed: z.number().positive().optional().describe('Relative speed, for sharing requests out'),
  capabilities: capabilitiesSchema.optional().describe('What it can do beside text: vision, tools, reasoning'),
  access: modelAccessSchema.optional().describe('Who may use it: everyone, owner, or chosen users'),
};

const local = z.strictObject({
  ...shared,
  engine: z.literal('llama-cpp').describe('Runs here, in a process of its own'),
  model_path: z
    .string()
    .min(1)
    .describe('The GGUF file: absolute, or within the folder of models of the home folder, or of the checkout'),
  context_length: z.number().int().min(256).optional().describe('Tokens that one conversation may hold'),
  parallel: z.number().int().min(1).max(256).optional().describe('Requests at once, each with memory of its own'),
  num_gpus: z.number().int().min(0).max(64).optional().describe('GPUs that it may use; all when left out'),
  max_gpu_memory: byteSizeSchema.optional().describe('Most GPU memory that it may take, such as 8GiB'),
  gpu_layers: z
    .union([z.number().int().min(0), z.enum(['auto', 'max'])])
    .optional()
    .describe('Layers on the GPU: a number, auto for as many as fit, max for all'),
  threads: z.number().int().min(1).max(1024).optional().describe('Threads that compute'),
  prompt_cache: z
    .union([z.literal(0), byteSizeSchema])
    .optional()
    .describe('Room on disk for conversations that made way for others, such as 4GiB; 0 keeps none'),
});

const online = {
  ...shared,
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the API, up to /v1'),
  api_key_env: z.string().min(1).optional().describe('Variable of .env or the environment that holds the key'),
  api_key: z.string().min(1).optional().describe('The key itself; better kept in .env'),
  upstream_model: z.string().min(1).optional().describe("The vendor's name for it, when it differs"),
  context_length: z.number().int().positive().optional().describe('Tokens of prompt and answer together'),
  concurrency: z.number().int().positive().optional().describe('Requests at once'),
  batch_size: z
    .number()
    .int()
    .min(1)
    .max(MAX_EMBEDDING_INPUTS)
    .optional()
    .describe('Texts in one request to the vendor, of an embedding or reranking model'),
  prices: pricesSchema.optional().describe('What the vendor takes for a million tokens, for show'),
};
const headers = z.record(z.string(), z.string()).optional().describe('Further headers of each request');

const openaiCompatible = z.strictObject({
  ...online,
  engine: z.literal('openai-compatible').describe('Any server that speaks the OpenAI API'),
  provider: z
    .string()
    .min(1)
    .optional()
    .describe('A known vendor or server, such as deepseek or ollama; brings its address and the variable of its key'),
  headers,
});

/** A model that a vendor or another server runs. */
export const onlineModelSettingsSchema = z.discriminatedUnion('engine', [
  openaiCompatible,
  z.strictObject({ ...online, engine: z.literal('zhipu').describe('Zhipu GLM'), headers }),
  z.strictObject({ ...online, engine: z.literal('anthropic').describe('Anthropic Claude') }),
  z.strictObject({ ...online, engine: z.literal('gemini').describe('Google Gemini') }),
]);
export type OnlineModelSettings = z.output<typeof onlineModelSettingsSchema>;
export type LocalModelSettings = z.output<typeof local>;

/** One entry of `models:`, by its engine. */
export const modelSettingsSchema = z.discriminatedUnion('engine', [local, ...onlineModelSettingsSchema.options]);
export type ModelSettings = z.output<typeof modelSettingsSchema>;

/** The built-in model, always there: quotes the user guide, needs nothing. */
export const GUIDE_MODEL = { name: 'parley-guide', label: 'Parley guide', knowledge: 'guide' } as const;

/** What the schema of one entry cannot tell: names that two have, and addresses that nobody names. */
export function checkModels(models: readonly ModelSettings[], context: z.RefinementCtx): void {
  const taken = new Set<string>([GUIDE_MODEL.name]);
  for (const [index, model] of models.entries()) {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [index, field], message });
    // Two models of one name would be one to the controller.
    if (taken.has(model.name)) refuse('name', `"${model.name}" is taken; choose another name`);
    taken.add(model.name);
    checkAddress(model, refuse);
  }
}

function checkAddress(model: ModelSettings, refuse: (field: string, message: string) => void): void {
  if (model.engine !== 'openai-compatible') return;
  const { provider: id, base_url: baseUrl } = model;
  const provider = id === undefined ? undefined : providerNamed(id);
  if (id !== undefined && provider?.engine !== 'openai-compatible') {
    refuse('provider', `"${id}" is not known; leave it out and name the address with base_url`);
  } else if (baseUrl === undefined && !provider?.baseUrl) {
    refuse('base_url', 'name the address of the API, or a provider that has one');
  }
}
