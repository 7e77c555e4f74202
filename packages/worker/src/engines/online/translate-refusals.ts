import type { FastifyBaseLogger } from 'fastify';
import type { ErrorCode, ParleyError } from '@parley/contracts';
import type { Translator, Upstream } from './from-openai-refusal.ts';
import { withoutKey, type VendorRefusal } from './vendor-refusal.ts';

export interface TranslatorOptions {
  toError: Translator;
  upstream: Upstream;
  apiKey: string | null;
  logger: FastifyBaseLogger;
}

/**
 * What whoever runs Parley has to know, and what no log would show: errors from 500 on are logged
 * where they are answered. Others may repeat a person's words, so they are not logged.
 */
const LOGGED = new Set<ErrorCode>(['provider_quota_exceeded', 'provider_rate_limited', 'model_not_found']);

/** Refusals to errors of the table, the key cut out of the provider's words. */
export function translateRefusals({ toError, upstream, apiKey, logger }: TranslatorOptions) {
  return (refusal: VendorRefusal): ParleyError => {
    const error = toError(withoutKey(refusal, apiKey), upstream);
    if (LOGGED.has(error.code)) logger.warn({ code: error.code, err: error.cause }, 'the provider refused a request');
    return error;
  };
}
