import { z } from 'zod';
import { MAX_EMBEDDING_INPUTS, modelPurposeSchema } from '@parley/contracts';

const baseUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform((url) => url.replace(/\/+$/, ''));

// It goes into a header, which takes nothing else.
const keySchema = z.string().regex(/^[\x20-\x7E]+$/, 'must be the key as the provider shows it, in plain letters');

const shared = {
  name: z.string().min(1).max(256).describe('What callers name the model by.'),
  label: z.string().min(1).max(256).nullish().describe('What people see; the name when left out.'),
  speed: z.number().positive().max(1e6).default(1).describe('Relative speed; 2 is given twice the requests.'),
};
const concurrency = (standard: number) =>
  z.number().int().min(1).max(10_000).default(standard).describe('Requests that run at once; more wait their turn.');
const online = {
  ...shared,
  concurrency: concurrency(32),
  purpose: modelPurposeSchema
    .default('chat')
    .describe('What it is for: `chat`, `embedding` (texts to vectors) or `rerank` (orders texts).'),
  batch_size: z
    .number()
    .int()
    .min(1)
    .max(MAX_EMBEDDING_INPUTS)
    .nullish()
    .describe('Texts in one request to the provider, for embedding and reranking; as many as are safe when left out.'),
  silence_limit_ms: z
    .number()
    .int()
    .positive()
    .default(300_000)
    .describe('Longest silence of the provider, in ms, before its answer counts as failed.'),
};

const extractiveModelSchema = z.object({
  engine: z.literal('extractive'),
  ...shared,
  concurrency: concurrency(5),
  purpose: z.literal('chat').default('chat').describe('It answers chats only.'),
  piece_delay_ms: z.number().int().min(0).max(10_000).default(12).describe('Pause between two pieces, in ms.'),
});

const llamaCppModelSchema = z.object({
  engine: z.literal('llama-cpp'),
  ...shared,
  /** As many as `parallel`; set by the worker. */
  concurrency: concurrency(4),
  purpose: modelPurposeSchema
    .default('chat')
    .describe('What it is for: `chat`, `embedding` (texts to vectors) or `rerank` (orders texts).'),
  model_path: z.string().min(1).describe('The GGUF file, as an absolute path.'),
  context_length: z
    .number()
    .int()
    .min(256)
    .nullish()
    .describe('Tokens that one conversation may hold; when left out, what it was trained for and memory allows.'),
  parallel: z
    .number()
    .int()
    .min(1)
    .max(256)
    .nullish()
    .describe('Requests that run at once, each in a sequence of its own; 4 when left out.'),
  num_gpus: z
    .number()
    .int()
    .min(0)
    .nullish()
    .describe('GPUs that it may use; 0 keeps it on the processor; all when left out.'),
  max_gpu_memory: z
    .number()
    .int()
    .positive()
    .nullish()
    .describe('Most GPU memory that it may take, in bytes, over all GPUs; what is free when left out.'),
  gpu_layers: z
    .union([z.number().int().min(0), z.enum(['auto', 'max'])])
    .default('auto')
    .describe('Layers that lie on the GPU: a number, `auto` for as many as fit, `max` for all.'),
  threads: z
    .number()
    .int()
    .min(1)
    .nullish()
    .describe('Threads that compute; when left out, as many as there are real cores, less one.'),
  prompt_cache: z
    .number()
    .int()
    .min(0)
    .default(2 ** 30)
    .describe('Room on disk for conversations that made way for others, in bytes; 0 keeps none.'),
});

const openaiCompatibleModelSchema = z.object({
  engine: z.literal('openai-compatible'),
  ...online,
  base_url: baseUrlSchema.describe('Where the API starts, with its version: https://api.openai.com/v1.'),
  api_key: keySchema.nullable().default(null).describe('Bearer key; null where the server asks for none.'),
  upstream_model: z.string().min(1).nullish().describe("The provider's name of the model; ours when left out."),
  headers: z.record(z.string(), z.string()).default({}).describe('Sent with every request to the provider.'),
  provider: z
    .string()
    .min(1)
    .nullish()
    .describe('Which preset it is, for what its API does otherwise: `deepseek`, `openrouter`, …'),
});

const anthropicModelSchema = z.object({
  engine: z.literal('anthropic'),
  ...online,
  purpose: z.literal('chat').default('chat').describe('It answers chats only.'),
  base_url: baseUrlSchema.default('https://api.anthropic.com/v1').describe('Where the API starts.'),
  api_key: keySchema.describe("Anthropic's key."),
  upstream_model: z.string().min(1).nullish().describe("Anthropic's name of the model; ours when left out."),
});

const geminiModelSchema = z.object({
  engine: z.literal('gemini'),
  ...online,
  purpose: z.enum(['chat', 'embedding']).default('chat').describe('What it is for: `chat` or `embedding`.'),
  base_url: baseUrlSchema.default('https://generativelanguage.googleapis.com/v1beta').describe('Where the API starts.'),
  api_key: keySchema.describe("Google's key."),
  upstream_model: z.string().min(1).nullish().describe("Google's name of the model; ours when left out."),
});

const zhipuModelSchema = z.object({
  engine: z.literal('zhipu'),
  ...online,
  base_url: baseUrlSchema.default('https://open.bigmodel.cn/api/paas/v4').describe('Where the API starts.'),
  api_key: z
    .string()
    .regex(/^[^.\s]+\.[^.\s]+$/, 'must be the key as Zhipu shows it: id.secret')
    .describe("Zhipu's key, id.secret; a short-lived token is made from it."),
  upstream_model: z.string().min(1).nullish().describe("Zhipu's name of the model; ours when left out."),
});

/** One model and the engine that runs it. */
export const modelConfigSchema = z.discriminatedUnion('engine', [
  extractiveModelSchema,
  llamaCppModelSchema,
  openaiCompatibleModelSchema,
  zhipuModelSchema,
  anthropicModelSchema,
  geminiModelSchema,
]);
export type ModelConfig = z.output<typeof modelConfigSchema>;
export type ExtractiveModel = z.output<typeof extractiveModelSchema>;
export type OpenaiCompatibleModel = z.output<typeof openaiCompatibleModelSchema>;
export type LlamaCppModel = z.output<typeof llamaCppModelSchema>;
export type AnthropicModel = z.output<typeof anthropicModelSchema>;
export type GeminiModel = z.output<typeof geminiModelSchema>;
export type ZhipuModel = z.output<typeof zhipuModelSchema>;

/** Settings of one worker process. */
export const workerConfigSchema = z.object({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.number().int().min(0).max(65_535).default(0).describe('Port to listen on; 0 takes a free one.'),
  secret: z.string().min(1).describe("The installation's secret, which every caller shows."),
  controller_url: baseUrlSchema.describe('Where the controller answers.'),
  public_url: baseUrlSchema
    .nullable()
    .default(null)
    .describe('What controller and gateway reach this worker by; the address it listens on when null.'),
  registers: z
    .boolean()
    .default(true)
    .describe('Whether the controller learns of it; a worker that only tries settings stays unknown.'),
  heart_beat_interval_ms: z.number().int().min(10).default(1000).describe('Time between two signs of life, in ms.'),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('What is logged.'),
  scratch_folder: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Folder for files that this worker needs only while it runs; temporary ones when null.'),
  model: modelConfigSchema.describe('The model that this worker serves.'),
});
export type WorkerConfig = z.output<typeof workerConfigSchema>;
/** The same before it is parsed: what has a default may be left out. */
export type WorkerSettings = z.input<typeof workerConfigSchema>;
