import { z } from 'zod';
import { MAX_EMBEDDING_INPUTS, modelPurposeSchema } from '@parley/contracts';

/** One entry of `models:`. What an engine accepts beyond this is checked by the worker's own schema. */
export const modelSettingsSchema = z.strictObject({
  name: z.string().min(1).max(256).describe('Name in the picker and in the API'),
  label: z.string().min(1).optional().describe('How the picker shows it'),
  engine: z.enum(['openai-compatible', 'zhipu']).describe('What serves it'),
  purpose: modelPurposeSchema
    .default('chat')
    .describe('What it is for: chat, embedding (texts to vectors) or rerank (orders passages)'),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the API, up to /v1'),
  api_key_env: z.string().min(1).optional().describe('Variable of .env or the environment that holds the key'),
  api_key: z.string().min(1).optional().describe('The key itself; better kept in .env'),
  upstream_model: z.string().min(1).optional().describe("The vendor's name for it, when it differs"),
  headers: z.record(z.string(), z.string()).optional().describe('Further headers of each request'),
  context_length: z.number().int().positive().optional().describe('Tokens of prompt and answer together'),
  concurrency: z.number().int().positive().optional().describe('Requests at once'),
  batch_size: z
    .number()
    .int()
    .min(1)
    .max(MAX_EMBEDDING_INPUTS)
    .optional()
    .describe('Texts in one request to the vendor, of an embedding or reranking model'),
  speed: z.number().positive().optional().describe('Relative speed, for sharing requests out'),
});
export type ModelSettings = z.output<typeof modelSettingsSchema>;

/** The models of a fresh install: each needs nothing but its key. Those that chat stand in the picker. */
export const WELL_KNOWN_MODELS: readonly ModelSettings[] = [
  {
    name: 'glm-4-flash',
    label: 'GLM-4-Flash (Zhipu)',
    engine: 'zhipu',
    purpose: 'chat',
    api_key_env: 'ZHIPUAI_API_KEY',
  },
  {
    name: 'deepseek-chat',
    label: 'DeepSeek Chat',
    engine: 'openai-compatible',
    purpose: 'chat',
    base_url: 'https://api.deepseek.com/v1',
    api_key_env: 'DEEPSEEK_API_KEY',
  },
  {
    name: 'gpt-4o-mini',
    label: 'GPT-4o mini (OpenAI)',
    engine: 'openai-compatible',
    purpose: 'chat',
    base_url: 'https://api.openai.com/v1',
    api_key_env: 'OPENAI_API_KEY',
  },
  {
    name: 'embedding-3',
    label: 'Embedding-3 (Zhipu)',
    engine: 'zhipu',
    purpose: 'embedding',
    api_key_env: 'ZHIPUAI_API_KEY',
  },
  {
    name: 'text-embedding-3-small',
    label: 'text-embedding-3-small (OpenAI)',
    engine: 'openai-compatible',
    purpose: 'embedding',
    base_url: 'https://api.openai.com/v1',
    api_key_env: 'OPENAI_API_KEY',
    batch_size: 512,
  },
];

/** The built-in model, always there: quotes the user guide, needs nothing. */
export const GUIDE_MODEL = { name: 'parley-guide', label: 'Parley guide', knowledge: 'guide' } as const;

/** Two models of one name would be one to the controller: each name stands once, and the guide's is taken. */
export function refuseTakenNames(models: readonly ModelSettings[], context: z.RefinementCtx): void {
  const taken = new Set<string>([GUIDE_MODEL.name]);
  for (const [index, { name }] of models.entries()) {
    if (taken.has(name)) {
      context.addIssue({ code: 'custom', path: [index, 'name'], message: `"${name}" is taken; choose another name` });
    }
    taken.add(name);
  }
}
