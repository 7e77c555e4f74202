import type { ModelProvider } from '../model-provider.ts';
import { chatModel, dollars, embeddingModel, PLAIN_KEY, rerankModel, THOUGHTS, vendor, yuan } from './preset.ts';

const ALL = ['vision', 'tools', 'reasoning'] as const;

// docs.bigmodel.cn, open.bigmodel.cn/pricing; a list of models is not documented.
const zhipu = vendor({
  id: 'zhipu',
  label: 'Zhipu GLM 智谱',
  engine: 'zhipu',
  baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
  keyVariable: 'ZHIPUAI_API_KEY',
  keyPattern: /^[0-9a-f]{32}\.[A-Za-z0-9]{16}$/,
  keyPage: 'https://open.bigmodel.cn/usercenter/apikeys',
  quirks: { modelsPath: null },
  models: [
    chatModel({
      id: 'glm-5.3-flash',
      label: 'GLM-5.3 Flash',
      context: 1_000_000,
      can: ALL,
      prices: yuan(0.8, 2.8),
      isRecommended: true,
    }),
    chatModel({
      id: 'glm-5.3',
      label: 'GLM-5.3',
      context: 1_000_000,
      can: ['tools', 'reasoning'],
      prices: yuan(8, 28),
      isRecommended: true,
    }),
    chatModel({
      id: 'glm-5.2',
      label: 'GLM-5.2',
      context: 1_000_000,
      can: ['tools', 'reasoning'],
      prices: yuan(8, 28),
    }),
    chatModel({ id: 'glm-4.7-flash', label: 'GLM-4.7 Flash', context: 200_000, can: ['tools', 'reasoning'] }),
    chatModel({ id: 'glm-5v-turbo', label: 'GLM-5V Turbo', context: 200_000, can: ALL }),
    embeddingModel({ id: 'embedding-3', label: 'Embedding-3', isRecommended: true }),
    rerankModel({ id: 'rerank', label: 'Rerank', isRecommended: true }),
  ],
});

// developers.openai.com/api/docs/models. Models that reason refuse sampling, stop words and log
// probabilities, and from GPT-5.6 on Chat Completions takes tools only without reasoning
// (openai/openai-openapi#541).
const REFUSED_BY_REASONING = [
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'stop',
] as const;
const openai = vendor({
  id: 'openai',
  label: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  keyVariable: 'OPENAI_API_KEY',
  keyPattern: new RegExp(`${PLAIN_KEY.source}|^sk-(proj|svcacct|admin)-[\\w-]{16,}$`),
  keyPage: 'https://platform.openai.com/api-keys',
  quirks: {
    maxTokensField: 'max_completion_tokens',
    refusedMessageFields: THOUGHTS,
    ofModels: [
      { ids: /^(o\d|gpt-([5-9]|\d\d))/, refusedFields: REFUSED_BY_REASONING },
      { ids: /^gpt-(5\.[6-9]|[6-9]|\d\d)/, fieldsWithTools: { reasoning_effort: 'none' } },
    ],
  },
  models: [
    chatModel({
      id: 'gpt-6-luna',
      label: 'GPT-6 Luna',
      context: 1_050_000,
      can: ALL,
      prices: dollars(0.1, 0.5),
      isRecommended: true,
    }),
    chatModel({
      id: 'gpt-6.1-sol',
      label: 'GPT-6.1 Sol',
      context: 1_050_000,
      can: ALL,
      prices: dollars(2, 10),
      isRecommended: true,
    }),
    chatModel({
      id: 'gpt-6.1-terra',
      label: 'GPT-6.1 Terra',
      context: 1_050_000,
      can: ALL,
      prices: dollars(1, 5),
    }),
    chatModel({ id: 'gpt-6-sol', label: 'GPT-6 Sol', context: 1_050_000, can: ALL, prices: dollars(2, 10) }),
    chatModel({ id: 'gpt-6-astra', label: 'GPT-6 Astra', context: 1_050_000, can: ALL, prices: dollars(10, 50) }),
    chatModel({
      id: 'gpt-4.1',
      label: 'GPT-4.1',
      context: 1_047_576,
      can: ['vision', 'tools'],
      prices: dollars(2, 8),
    }),
    chatModel({
      id: 'gpt-4.1-mini',
      label: 'GPT-4.1 mini',
      context: 1_047_576,
      can: ['vision', 'tools'],
      prices: dollars(0.4, 1.6),
    }),
    embeddingModel({
      id: 'text-embedding-3-small',
      context: 8_191,
      prices: dollars(0.02, 0),
      isRecommended: true,
    }),
    embeddingModel({ id: 'text-embedding-3-large', context: 8_191, prices: dollars(0.13, 0) }),
  ],
});

// platform.claude.com/docs: models overview and pricing.
const anthropic = vendor({
  id: 'anthropic',
  label: 'Anthropic Claude',
  engine: 'anthropic',
  baseUrl: 'https://api.anthropic.com/v1',
  keyVariable: 'ANTHROPIC_API_KEY',
  keyPattern: /^sk-ant-[\w-]{16,}$/,
  keyPage: 'https://platform.claude.com/settings/keys',
  models: [
    chatModel({
      id: 'claude-sonnet-5-5',
      label: 'Claude Sonnet 5.5',
      context: 1_000_000,
      can: ALL,
      prices: dollars(2, 10),
      isRecommended: true,
    }),
    chatModel({
      id: 'claude-haiku-5-5',
      label: 'Claude Haiku 5.5',
      context: 1_000_000,
      can: ALL,
      prices: dollars(0.1, 0.5),
      isRecommended: true,
    }),
    chatModel({
      id: 'claude-opus-5-5',
      label: 'Claude Opus 5.5',
      context: 1_000_000,
      can: ALL,
      prices: dollars(4, 20),
      isRecommended: true,
    }),
    chatModel({
      id: 'claude-fable-5-1',
      label: 'Claude Fable 5.1',
      context: 1_000_000,
      can: ALL,
      prices: dollars(10, 50),
    }),
    chatModel({
      id: 'claude-haiku-4-5',
      label: 'Claude Haiku 4.5',
      context: 200_000,
      can: ALL,
      prices: dollars(1, 5),
    }),
  ],
});

// ai.google.dev/gemini-api/docs/models and /pricing; prices that change within weeks are left out.
const gemini = vendor({
  id: 'gemini',
  label: 'Google Gemini',
  engine: 'gemini',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  keyVariable: 'GEMINI_API_KEY',
  keyPattern: /^(AIza[\w-]{35}|AQ\.[\w-]{20,})$/,
  keyPage: 'https://aistudio.google.com/apikey',
  models: [
    chatModel({ id: 'gemini-3.8-flash', label: 'Gemini 3.8 Flash', context: 1_048_576, can: ALL, isRecommended: true }),
    chatModel({
      id: 'gemini-3.5-flash-lite',
      label: 'Gemini 3.5 Flash-Lite',
      context: 1_048_576,
      can: ALL,
      prices: dollars(0.3, 2.5),
      isRecommended: true,
    }),
    chatModel({ id: 'gemini-4-argon', label: 'Gemini 4 Argon', context: 1_048_576, can: ALL, isRecommended: true }),
    embeddingModel({
      id: 'gemini-embedding-001',
      label: 'Gemini Embedding',
      context: 2_048,
      prices: dollars(0.15, 0),
      isRecommended: true,
    }),
    embeddingModel({ id: 'gemini-embedding-2', label: 'Gemini Embedding 2', context: 8_192, prices: dollars(0.2, 0) }),
  ],
});

// api-docs.deepseek.com/quick_start/pricing
const deepseek = vendor({
  id: 'deepseek',
  label: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com',
  keyVariable: 'DEEPSEEK_API_KEY',
  keyPattern: PLAIN_KEY,
  keyPage: 'https://platform.deepseek.com/api_keys',
  models: [
    chatModel({
      id: 'deepseek-flash',
      label: 'DeepSeek Flash',
      context: 1_000_000,
      can: ALL,
      prices: dollars(0.3, 1.2),
      isRecommended: true,
    }),
    chatModel({
      id: 'deepseek-v4-pro',
      label: 'DeepSeek V4 Pro',
      context: 1_000_000,
      can: ['tools', 'reasoning'],
      prices: dollars(1.32, 3.96),
      isRecommended: true,
    }),
  ],
});

export const FIRST_VENDORS: readonly ModelProvider[] = [zhipu, openai, anthropic, gemini, deepseek];
