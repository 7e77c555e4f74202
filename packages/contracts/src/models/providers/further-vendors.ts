import type { ModelProvider } from '../model-provider.ts';
import { chatModel, dollars, embeddingModel, THOUGHTS, vendor } from './preset.ts';

const ALL = ['vision', 'tools', 'reasoning'] as const;

// openrouter.ai/docs: its list names context length, abilities and prices of each model.
const openrouter = vendor({
  id: 'openrouter',
  label: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  keyVariable: 'OPENROUTER_API_KEY',
  keyPattern: /^sk-or-[\w-]{16,}$/,
  keyPage: 'https://openrouter.ai/settings/keys',
  models: [
    chatModel({ id: 'openrouter/auto', label: 'Auto', can: ['tools'], isRecommended: true }),
    chatModel({ id: 'openai/gpt-6-luna', label: 'GPT-6 Luna', context: 1_050_000, can: ALL, isRecommended: true }),
    chatModel({
      id: 'deepseek/deepseek-v4.1-flash',
      label: 'DeepSeek V4.1 Flash',
      context: 1_048_576,
      can: ALL,
      isRecommended: true,
    }),
  ],
});

// console.groq.com/docs/openai: four fields are refused with 400, as is what a message may not hold;
// console.groq.com/docs/reasoning: what Qwen thinks would stand in the text, between <think> and </think>.
const groq = vendor({
  id: 'groq',
  label: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  keyVariable: 'GROQ_API_KEY',
  keyPattern: /^gsk_\w{16,}$/,
  keyPage: 'https://console.groq.com/keys',
  quirks: {
    maxTokensField: 'max_completion_tokens',
    refusedFields: ['logprobs', 'top_logprobs', 'logit_bias', 'n'],
    refusedMessageFields: THOUGHTS,
    ofModels: [{ ids: /^qwen\//, extraFields: { reasoning_format: 'parsed' } }],
  },
  models: [
    chatModel({
      id: 'openai/gpt-oss-120b',
      label: 'GPT-OSS 120B',
      context: 131_072,
      can: ['tools', 'reasoning'],
      prices: dollars(0.15, 0.6),
      isRecommended: true,
    }),
    chatModel({
      id: 'openai/gpt-oss-20b',
      label: 'GPT-OSS 20B',
      context: 131_072,
      can: ['tools', 'reasoning'],
      prices: dollars(0.075, 0.3),
      isRecommended: true,
    }),
    chatModel({
      id: 'qwen/qwen3.8-27b',
      label: 'Qwen3.8 27B',
      context: 131_072,
      can: ALL,
      prices: dollars(0.8, 4),
    }),
  ],
});

// docs.mistral.ai/api: unknown fields are refused with 422, also in messages; usage comes unasked.
const mistral = vendor({
  id: 'mistral',
  label: 'Mistral AI',
  baseUrl: 'https://api.mistral.ai/v1',
  keyVariable: 'MISTRAL_API_KEY',
  keyPage: 'https://console.mistral.ai/api-keys',
  quirks: {
    hasNoStreamOptions: true,
    refusedFields: ['seed', 'user', 'logit_bias', 'logprobs', 'top_logprobs', 'store'],
    refusedMessageFields: THOUGHTS,
  },
  models: [
    chatModel({
      id: 'mistral-medium-latest',
      label: 'Mistral Medium',
      context: 262_144,
      can: ALL,
      prices: dollars(1.5, 7.5),
      isRecommended: true,
    }),
    chatModel({
      id: 'mistral-small-latest',
      label: 'Mistral Small',
      context: 262_144,
      can: ALL,
      prices: dollars(0.15, 0.6),
      isRecommended: true,
    }),
    chatModel({ id: 'mistral-large-4', label: 'Mistral Large 4', context: 1_048_576, can: ALL, isRecommended: true }),
    embeddingModel({ id: 'mistral-embed', label: 'Mistral Embed', context: 8_192, isRecommended: true }),
  ],
});

// docs.x.ai: models that reason refuse these three fields, and all that are left reason.
const xai = vendor({
  id: 'xai',
  label: 'xAI Grok',
  baseUrl: 'https://api.x.ai/v1',
  keyVariable: 'XAI_API_KEY',
  keyPattern: /^xai-\w{16,}$/,
  keyPage: 'https://console.x.ai',
  quirks: { refusedFields: ['presence_penalty', 'frequency_penalty', 'stop'] },
  models: [
    chatModel({
      id: 'grok-4.7',
      label: 'Grok 4.7',
      context: 500_000,
      can: ALL,
      prices: dollars(2, 6),
      isRecommended: true,
    }),
    chatModel({
      id: 'grok-4.3',
      label: 'Grok 4.3',
      context: 1_000_000,
      can: ALL,
      prices: dollars(1.25, 2.5),
      isRecommended: true,
    }),
  ],
});

// docs.together.ai/docs/inference/openai-compatibility
const together = vendor({
  id: 'together',
  label: 'Together AI',
  baseUrl: 'https://api.together.ai/v1',
  keyVariable: 'TOGETHER_API_KEY',
  keyPattern: /^tgp_v1_[\w-]{16,}$/,
  keyPage: 'https://api.together.ai/settings/api-keys',
  models: [
    chatModel({
      id: 'deepseek-ai/DeepSeek-V4.1-Flash',
      label: 'DeepSeek V4.1 Flash',
      context: 1_048_576,
      can: ['tools'],
      prices: dollars(0.3, 1.2),
      isRecommended: true,
    }),
    chatModel({
      id: 'zai-org/GLM-5.3-Flash',
      label: 'GLM-5.3 Flash',
      context: 1_048_575,
      can: ALL,
      prices: dollars(0.15, 0.5),
      isRecommended: true,
    }),
    chatModel({
      id: 'openai/gpt-oss-120b',
      label: 'GPT-OSS 120B',
      context: 131_072,
      can: ['tools', 'reasoning'],
      prices: dollars(0.15, 0.6),
    }),
  ],
});

export const FURTHER_VENDORS: readonly ModelProvider[] = [openrouter, groq, mistral, xai, together];
