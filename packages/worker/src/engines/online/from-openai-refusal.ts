import { ParleyError, type ErrorCode } from '@parley/contracts';
import type { VendorRefusal } from './vendor-refusal.ts';

/** Whom the words of an error are about. */
export interface Upstream {
  /** Host of the provider, as people know it. */
  host: string;
  /** The provider's name of the model. */
  model: string;
}

// platform.openai.com/docs/guides/error-codes; `content_filter` and `content_policy_violation` are Azure's.
const CODES: Record<string, ErrorCode> = {
  insufficient_quota: 'provider_quota_exceeded',
  billing_hard_limit_reached: 'provider_quota_exceeded',
  invalid_api_key: 'provider_key_refused',
  model_not_found: 'model_not_found',
  context_length_exceeded: 'context_length_exceeded',
  content_filter: 'content_refused',
  content_policy_violation: 'content_refused',
  rate_limit_exceeded: 'provider_rate_limited',
};

const STATUSES: Record<number, ErrorCode> = {
  400: 'invalid_request',
  401: 'provider_key_refused',
  402: 'provider_quota_exceeded',
  403: 'provider_key_refused',
  404: 'model_not_found',
  413: 'invalid_request',
  422: 'invalid_request',
  429: 'provider_rate_limited',
};

// Servers that give no code say it in words only: vLLM, llama.cpp, Ollama, LM Studio.
const TOO_LONG = /context (length|size|window)|maximum context|available context|prompt is too long|too many tokens/i;

/** A refusal in OpenAI's form as an error of the table. */
export function fromOpenaiRefusal(refusal: VendorRefusal, upstream: Upstream): ParleyError {
  return toParleyError(openaiCode(refusal), refusal, upstream);
}

function openaiCode({ status, code, type, message }: VendorRefusal): ErrorCode {
  const named = CODES[code ?? ''] ?? CODES[type ?? ''];
  if (named !== undefined) return named;
  const byStatus = STATUSES[status ?? 0] ?? 'provider_failed';
  return byStatus === 'invalid_request' && TOO_LONG.test(message) ? 'context_length_exceeded' : byStatus;
}

/**
 * The error with a sentence of ours, or the provider's where only it knows what is wrong with the
 * request. What it said otherwise goes along as the cause, which is logged and never sent.
 */
export function toParleyError(code: ErrorCode, refusal: VendorRefusal, upstream: Upstream): ParleyError {
  const { message, param, status, retryAfterSeconds } = refusal;
  return new ParleyError(code, sentence(code, message, upstream), {
    cause: new Error(`${upstream.host} answered ${status ?? 'in its stream'}, code ${refusal.code}: ${message}`),
    ...(code === 'invalid_request' && param !== null && { param }),
    ...(code === 'provider_rate_limited' && retryAfterSeconds !== null && { retryAfterSeconds }),
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
