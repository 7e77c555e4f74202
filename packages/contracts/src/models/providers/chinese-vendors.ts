import type { BodyStatus, ModelProvider } from '../model-provider.ts';
import { chatModel, dollars, embeddingModel, PLAIN_KEY, rerankModel, vendor, yuan } from './preset.ts';

const ALL = ['vision', 'tools', 'reasoning'] as const;

// help.aliyun.com/model-studio: one API key per region, the same API in each.
const qwen = vendor({
  id: 'qwen',
  label: 'Qwen 通义千问 (DashScope)',
  baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  keyVariable: 'DASHSCOPE_API_KEY',
  keyPattern: PLAIN_KEY,
  keyPage: 'https://bailian.console.aliyun.com/?tab=model#/api-key',
  quirks: { maxEmbeddingTexts: 10 },
  models: [
    chatModel({ id: 'qwen3.8-flash', label: 'Qwen3.8 Flash', context: 1_000_000, can: ALL, isRecommended: true }),
    chatModel({ id: 'qwen3.8-max', label: 'Qwen3.8 Max', context: 1_000_000, can: ALL, isRecommended: true }),
    chatModel({ id: 'qwen3.7-plus', label: 'Qwen3.7 Plus', context: 1_000_000, can: ALL }),
    chatModel({ id: 'qwen3-vl-plus', label: 'Qwen3 VL Plus', context: 262_144, can: ALL }),
    embeddingModel({ id: 'text-embedding-v4', context: 8_192, prices: yuan(0.5, 0), isRecommended: true }),
  ],
});
const qwenAbroad: ModelProvider = {
  ...qwen,
  id: 'qwen-intl',
  label: 'Qwen (DashScope, international)',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  keyPage: 'https://modelstudio.console.alibabacloud.com/?tab=model#/api-key',
  models: [
    chatModel({
      id: 'qwen3.8-flash',
      label: 'Qwen3.8 Flash',
      context: 1_000_000,
      can: ALL,
      prices: dollars(0.15, 0.47),
      isRecommended: true,
    }),
    chatModel({
      id: 'qwen3.8-max',
      label: 'Qwen3.8 Max',
      context: 1_000_000,
      can: ALL,
      prices: dollars(2, 6),
      isRecommended: true,
    }),
    chatModel({ id: 'qwen3.7-plus', label: 'Qwen3.7 Plus', context: 1_000_000, can: ALL }),
    embeddingModel({ id: 'text-embedding-v4', context: 8_192, prices: dollars(0.07, 0), isRecommended: true }),
  ],
};

// platform.kimi.ai/docs: sampling is fixed for all models named kimi-….
const moonshot = vendor({
  id: 'moonshot',
  label: 'Moonshot Kimi 月之暗面',
  baseUrl: 'https://api.moonshot.cn/v1',
  keyVariable: 'MOONSHOT_API_KEY',
  keyPattern: PLAIN_KEY,
  keyPage: 'https://platform.moonshot.cn/console/api-keys',
  quirks: {
    maxTokensField: 'max_completion_tokens',
    ofModels: [
      { ids: /^kimi-/, refusedFields: ['temperature', 'top_p', 'n', 'presence_penalty', 'frequency_penalty'] },
    ],
  },
  models: [
    chatModel({ id: 'kimi-k3.1-pro', label: 'Kimi K3.1 Pro', context: 1_048_576, can: ALL, isRecommended: true }),
    chatModel({ id: 'kimi-k2.6', label: 'Kimi K2.6', context: 262_144, can: ALL, isRecommended: true }),
    chatModel({ id: 'kimi-k3', label: 'Kimi K3', context: 1_048_576, can: ALL }),
  ],
});
const moonshotAbroad: ModelProvider = {
  ...moonshot,
  id: 'moonshot-intl',
  label: 'Moonshot Kimi (international)',
  baseUrl: 'https://api.moonshot.ai/v1',
  keyPage: 'https://platform.kimi.ai/console/api-keys',
  models: [
    chatModel({
      id: 'kimi-k3.1-pro',
      label: 'Kimi K3.1 Pro',
      context: 1_048_576,
      can: ALL,
      prices: dollars(2, 10),
      isRecommended: true,
    }),
    chatModel({
      id: 'kimi-k2.6',
      label: 'Kimi K2.6',
      context: 262_144,
      can: ALL,
      prices: dollars(0.95, 4),
      isRecommended: true,
    }),
    chatModel({ id: 'kimi-k3', label: 'Kimi K3', context: 1_048_576, can: ALL, prices: dollars(3, 15) }),
  ],
};

// platform.minimax.io/docs/api-reference/errorcode; that 1039 means tokens a minute is said with the files
// API. 1028, 1030 and 2061 (plans) are in MiniMax's own client, github.com/MiniMax-AI/cli. An error in
// OpenAI's form ends with its code: "insufficient balance (1008)".
const MINIMAX_STATUS: BodyStatus = {
  field: 'base_resp',
  codeField: 'status_code',
  messageField: 'status_msg',
  codeInMessage: /\((\d{4})\)$/,
  codes: {
    1000: 'provider_failed',
    1001: 'provider_failed',
    1002: 'provider_rate_limited',
    1004: 'provider_key_refused',
    1008: 'provider_quota_exceeded',
    1024: 'provider_failed',
    1026: 'content_refused',
    1027: 'content_refused',
    1028: 'provider_quota_exceeded',
    1030: 'provider_quota_exceeded',
    1033: 'provider_failed',
    1039: 'provider_rate_limited',
    1041: 'provider_rate_limited',
    1042: 'invalid_request',
    2013: 'invalid_request',
    2045: 'provider_rate_limited',
    2049: 'provider_key_refused',
    2056: 'provider_quota_exceeded',
    2061: 'provider_key_refused',
  },
};

// platform.minimaxi.com/docs/api-reference/text-openai-api: without `reasoning_split` the thoughts stand
// in the text, between <think> and </think>.
const minimax = vendor({
  id: 'minimax',
  label: 'MiniMax',
  baseUrl: 'https://api.minimaxi.com/v1',
  keyVariable: 'MINIMAX_API_KEY',
  keyPattern: /^sk-(api|cp)-[\w-]{16,}$/,
  keyPage: 'https://platform.minimaxi.com/user-center/basic-information/interface-key',
  quirks: {
    maxTokensField: 'max_completion_tokens',
    extraFields: { reasoning_split: true },
    bodyStatus: MINIMAX_STATUS,
    refusedFields: ['presence_penalty', 'frequency_penalty', 'logit_bias', 'seed'],
  },
  models: [
    chatModel({ id: 'MiniMax-M3', label: 'MiniMax M3', context: 1_000_000, can: ALL, isRecommended: true }),
    chatModel({ id: 'MiniMax-M2.7', label: 'MiniMax M2.7', context: 204_800, can: ['tools', 'reasoning'] }),
  ],
});
const minimaxAbroad: ModelProvider = {
  ...minimax,
  id: 'minimax-intl',
  label: 'MiniMax (international)',
  baseUrl: 'https://api.minimax.io/v1',
  keyPage: 'https://platform.minimax.io/user-center/basic-information/interface-key',
  models: [
    chatModel({
      id: 'MiniMax-M3',
      label: 'MiniMax M3',
      context: 1_000_000,
      can: ALL,
      prices: dollars(0.3, 1.2),
      isRecommended: true,
    }),
    chatModel({
      id: 'MiniMax-M2.7',
      label: 'MiniMax M2.7',
      context: 204_800,
      can: ['tools', 'reasoning'],
      prices: dollars(0.3, 1.2),
    }),
  ],
};

// www.volcengine.com/docs/82379: models are listed with the account's own signature only, not with a key.
const doubao = vendor({
  id: 'doubao',
  label: 'Doubao 豆包 (Volcengine Ark)',
  baseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
  keyVariable: 'ARK_API_KEY',
  keyPattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  keyPage: 'https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey',
  quirks: { modelsPath: null },
  models: [
    chatModel({
      id: 'doubao-seed-2-1-lite-260915',
      label: 'Doubao Seed 2.1 Lite',
      context: 1_024_000,
      can: ALL,
      isRecommended: true,
    }),
    chatModel({
      id: 'doubao-seed-2-1-pro-260915',
      label: 'Doubao Seed 2.1 Pro',
      context: 1_024_000,
      can: ALL,
      isRecommended: true,
    }),
  ],
});

// docs.siliconflow.cn
const siliconflow = vendor({
  id: 'siliconflow',
  label: 'SiliconFlow 硅基流动',
  baseUrl: 'https://api.siliconflow.cn/v1',
  keyVariable: 'SILICONFLOW_API_KEY',
  keyPattern: PLAIN_KEY,
  keyPage: 'https://cloud.siliconflow.cn/account/ak',
  models: [
    chatModel({ id: 'zai-org/GLM-5.3', label: 'GLM-5.3', can: ['tools', 'reasoning'], isRecommended: true }),
    embeddingModel({ id: 'BAAI/bge-m3', label: 'BGE-M3', context: 8_192, isRecommended: true }),
    rerankModel({
      id: 'BAAI/bge-reranker-v2-m3',
      label: 'BGE Reranker v2 M3',
      context: 8_192,
      isRecommended: true,
    }),
  ],
});

export const CHINESE_VENDORS: readonly ModelProvider[] = [
  qwen,
  qwenAbroad,
  moonshot,
  moonshotAbroad,
  minimax,
  minimaxAbroad,
  doubao,
  siliconflow,
];
