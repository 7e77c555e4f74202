import { z } from 'zod';
import { MAX_EMBEDDING_INPUTS, modelPurposeSchema } from '@parley/contracts';

const baseUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform((url) => url.replace(/\/+$/, ''));

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

const openaiCompatibleModelSchema = z.object({
  engine: z.literal('openai-compatible'),
  ...online,
  base_url: baseUrlSchema.describe('Where the API starts, with its version: https://api.openai.com/v1.'),
  api_key: z.string().min(1).nullable().default(null).describe('Bearer key; null where the server asks for none.'),
  upstream_model: z.string().min(1).nullish().describe("The provider's name of the model; ours when left out."),
  headers: z.record(z.string(), z.string()).default({}).describe('Sent with every request to the provider.'),
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
  openaiCompatibleModelSchema,
  zhipuModelSchema,
]);
export type ModelConfig = z.output<typeof modelConfigSchema>;
export type ExtractiveModel = z.output<typeof extractiveModelSchema>;
export type OpenaiCompatibleModel = z.output<typeof openaiCompatibleModelSchema>;
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
  heart_beat_interval_ms: z.number().int().min(10).default(1000).describe('Time between two signs of life, in ms.'),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('What is logged.'),
  model: modelConfigSchema.describe('The model that this worker serves.'),
});
export type WorkerConfig = z.output<typeof workerConfigSchema>;
/** The same before it is parsed: what has a default may be left out. */
export type WorkerSettings = z.input<typeof workerConfigSchema>;
