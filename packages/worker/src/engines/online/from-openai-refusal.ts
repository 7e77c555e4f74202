import { ParleyError, type ErrorCode } from '@parley/contracts';
import type { VendorRefusal } from './vendor-refusal.ts';

/** Whom the words of an error are about. */
export interface Upstream {
  /** Host of the provider, as people know it. */
  host: string;
  /** The provider's name of the model. */
  model: string;
}

/** A provider's refusal as an error of the table. */
export type Translator = (refusal: VendorRefusal, upstream: Upstream) => ParleyError;

// platform.openai.com/docs/guides/error-codes. Beside OpenAI's, in each line: Azure, Qwen (content);
// llama.cpp (length); Moonshot, Qwen, Doubao (quota); Moonshot, Anthropic (load); Groq (model).
const CODES: Record<string, ErrorCode> = {
  content_filter: 'content_refused',
  content_policy_violation: 'content_refused',
  data_inspection_failed: 'content_refused',
  DataInspectionFailed: 'content_refused',
  context_length_exceeded: 'context_length_exceeded',
  exceed_context_size_error: 'context_length_exceeded',
  insufficient_quota: 'provider_quota_exceeded',
  billing_hard_limit_reached: 'provider_quota_exceeded',
  exceeded_current_quota_error: 'provider_quota_exceeded',
  Arrearage: 'provider_quota_exceeded',
  'AllocationQuota.FreeTierOnly': 'provider_quota_exceeded',
  AccountOverdueError: 'provider_quota_exceeded',
  rate_limit_exceeded: 'provider_rate_limited',
  engine_overloaded_error: 'provider_overloaded',
  overloaded_error: 'provider_overloaded',
  invalid_api_key: 'provider_key_refused',
  model_not_found: 'model_not_found',
  model_decommissioned: 'model_not_found',
};
// www.volcengine.com/docs/82379/1299023: InputTextSensitiveContentDetected, OutputTextRiskDetection,
// SensitiveContentDetected.Violence, …
const DOUBAO_CONTENT = /SensitiveContentDetected|RiskDetection/;

const STATUSES: Record<number, ErrorCode> = {
  400: 'invalid_request',
  401: 'provider_key_refused',
  402: 'provider_quota_exceeded',
  403: 'provider_key_refused',
  404: 'model_not_found',
  413: 'invalid_request',
  422: 'invalid_request',
  429: 'provider_rate_limited',
  529: 'provider_overloaded',
};

// What providers say in words only.
// Length: vLLM, llama.cpp, Ollama, LM Studio, DeepSeek, Mistral; xAI; Anthropic, Moonshot; Qwen; Gemini;
// MiniMax; SiliconFlow ("max_seq_len"); Together; Doubao; "too large", where no waiting helps: Groq, OpenAI.
// Content: DeepSeek; xAI; OpenRouter. Key, with status 400: xAI. Place: OpenAI; Gemini.
// Account: Anthropic, SiliconFlow, xAI, OpenRouter, Doubao, Gemini. Load: DeepSeek, OpenAI, Together, Doubao.
// Model: DeepSeek, SiliconFlow; MiniMax ("unknown"); OpenRouter has it, but not for this ("no endpoints").
const WORDS: Partial<Record<ErrorCode, [ErrorCode, RegExp][]>> = {
  invalid_request: [
    [
      'context_length_exceeded',
      /context (length|size|window|limit)|maximum (context|prompt length|model length)|available context|prompt is too long|too many tokens|model token limit|range of input length|input token count .* exceeds|input tokens exceed|max_seq_len|`max_new_tokens` must be|exceed max message tokens/i,
    ],
    ['content_refused', /content exists risk|violates usage guidelines/i],
    ['provider_key_refused', /incorrect api key/i],
    ['provider_quota_exceeded', /credit balance is too low|reached your specified .*usage limits/i],
    ['model_not_found', /model not exist|model does not exist|unknown model/i],
  ],
  provider_key_refused: [
    ['content_refused', /violates usage guidelines|input was flagged/i],
    [
      'provider_quota_exceeded',
      /balance is insufficient|insufficient balance|(available|have any) credits|key limit exceeded|balance is overdue/i,
    ],
    ['invalid_request', /territory not supported/i],
  ],
  provider_quota_exceeded: [['invalid_request', /location is not supported/i]],
  model_not_found: [['invalid_request', /no endpoints found that support/i]],
  provider_rate_limited: [
    ['context_length_exceeded', /request too large/i],
    ['provider_quota_exceeded', /free trial quota|usage quota|set inference limit|credits are depleted/i],
    ['provider_overloaded', /overload|over capacity/i],
  ],
  provider_failed: [['provider_overloaded', /overload|too busy|at capacity|over capacity|high (demand|traffic)/i]],
};

/** A refusal in OpenAI's form as an error of the table. */
export function fromOpenaiRefusal(refusal: VendorRefusal, upstream: Upstream): ParleyError {
  const named = CODES[refusal.code ?? ''] ?? CODES[refusal.type ?? ''];
  const isContent = DOUBAO_CONTENT.test(refusal.code ?? '');
  const code = named ?? (isContent ? 'content_refused' : codeOfStatus(refusal));
  return toParleyError(byWords(code, refusal.message), refusal, upstream);
}

/** By the status, and by what providers say where the status leaves it open. */
export function codeOfStatus({ status, code: word, message }: VendorRefusal): ErrorCode {
  // In a stream OpenRouter says the status as the code.
  return byWords(STATUSES[status ?? Number(word)] ?? 'provider_failed', message);
}

/** The code, or the closer one that the provider's words tell. */
export function byWords(code: ErrorCode, message: string): ErrorCode {
  return WORDS[code]?.find(([, words]) => words.test(message))?.[0] ?? code;
}

const WAITS = new Set<ErrorCode>(['provider_rate_limited', 'provider_overloaded']);

/**
 * The error with a sentence of ours, or the provider's where only it knows what is wrong with the
 * request. What it said otherwise goes along as the cause, which is logged and never sent.
 */
export function toParleyError(code: ErrorCode, refusal: VendorRefusal, upstream: Upstream): ParleyError {
  const { message, param, status, retryAfterSeconds } = refusal;
  const where = `${upstream.host} answered ${status ?? 'in its stream'}`;
  return new ParleyError(code, sentence(code, message, upstream), {
    cause: new Error(`${where}${refusal.code === null ? '' : `, code ${refusal.code}`}: ${message}`),
    ...(code === 'invalid_request' && param !== null && { param }),
    ...(WAITS.has(code) && retryAfterSeconds !== null && { retryAfterSeconds }),
  });
}

function sentence(code: ErrorCode, message: string, { host, model }: Upstream): string {
  switch (code) {
    case 'provider_key_refused':
      return `${host} refused the key of this model. Whoever runs Parley has to check it.`;
    case 'provider_quota_exceeded':
      return `The account at ${host} has no quota left. Whoever runs Parley has to top it up.`;
    case 'provider_rate_limited':
      return `${host} accepts no more requests at the moment. Try again in a little while.`;
    case 'provider_overloaded':
      return `${host} is overloaded at the moment. Try again in a little while.`;
    case 'model_not_found':
      return `${host} does not offer the model ${model}. Whoever runs Parley has to correct its name.`;
    case 'content_refused':
      return `${host} refused the content of this conversation.`;
    case 'provider_failed':
      return `${host} could not answer. Try again in a little while.`;
    default:
      return message;
  }
}
