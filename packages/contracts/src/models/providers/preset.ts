import type { Capabilities, Prices, VendorModel } from '../capabilities.ts';
import type { ModelProvider } from '../model-provider.ts';

type Ability = keyof Capabilities;

interface ModelFacts {
  id: string;
  label?: string;
  /** Tokens of prompt and answer together. */
  context?: number;
  /** What it can do beside text. */
  can?: readonly Ability[];
  prices?: Prices;
  isRecommended?: boolean;
}

/** US dollars for a million tokens of prompt and of answer; of several steps, the lowest. */
export const dollars = (input: number, output: number): Prices => ({ currency: 'USD', input, output });
/** The same in yuan. */
export const yuan = (input: number, output: number): Prices => ({ currency: 'CNY', input, output });

export const chatModel = (facts: ModelFacts): VendorModel => model('chat', facts);
export const embeddingModel = (facts: ModelFacts): VendorModel => model('embedding', facts);
export const rerankModel = (facts: ModelFacts): VendorModel => model('rerank', facts);

function model(purpose: VendorModel['purpose'], facts: ModelFacts): VendorModel {
  const { id, label = null, context = null, can = [], prices = null, isRecommended = false } = facts;
  const capabilities = {
    vision: can.includes('vision'),
    tools: can.includes('tools'),
    reasoning: can.includes('reasoning'),
  };
  return { id, label, purpose, context_length: context, capabilities, prices, is_recommended: isRecommended };
}

type Named = Pick<ModelProvider, 'id' | 'label' | 'baseUrl'>;

/** A vendor that speaks OpenAI's wire and asks for a key; what is left out is as with most of them. */
export function vendor(facts: Named & Partial<ModelProvider>): ModelProvider {
  return { ...STANDARD, key: 'required', ...facts };
}

/** A server on this machine that speaks OpenAI's wire and asks for no key unless it was told to. */
export function server(facts: Named & Partial<ModelProvider>): ModelProvider {
  return { ...STANDARD, key: 'optional', ...facts };
}

const STANDARD = {
  engine: 'openai-compatible',
  keyVariable: null,
  keyPattern: null,
  keyPage: null,
  localServer: null,
  quirks: {},
  models: [],
} as const;

/**
 * Keys of the plain form `sk-…`, which OpenAI began with and others took over. Those that say more of
 * themselves (`sk-ant-`, `sk-or-`, `sk-proj-`, …) belong to one vendor.
 */
export const PLAIN_KEY = /^sk-(?!ant-|or-|proj-|svcacct-|admin-|api-|cp-)[\w-]{16,}$/;

/** What models thought, as workers answer it; callers send it back with the message, and strict vendors refuse it. */
export const THOUGHTS = ['reasoning_content', 'reasoning_details', 'thinking_blocks'] as const;
