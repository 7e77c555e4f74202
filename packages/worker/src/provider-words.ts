import type { FastifyReply, FastifyRequest } from 'fastify';
import { ParleyError, PROVIDER_WORDS_HEADER, type ErrorCode } from '@parley/contracts';
import { answerError } from '@parley/service-kit';

/** Refusals of which people are told in a sentence of ours, and owners in the provider's words as well. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'content_refused',
  'model_not_found',
  'provider_failed',
  'provider_key_refused',
  'provider_overloaded',
  'provider_quota_exceeded',
  'provider_rate_limited',
]);

/** Answers an error; with what the provider said, which has no key in it, when the caller asks for that. */
export function answerWithWords(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const isAsked = request.headers[PROVIDER_WORDS_HEADER] !== undefined;
  answerError(isAsked && error instanceof ParleyError ? withWords(error) : error, request, reply);
}

function withWords(error: ParleyError): ParleyError {
  const { code, message, cause, param, retryAfterSeconds } = error;
  // Other kinds of errors are reports about an answer, not words of a provider.
  const words = cause instanceof Error && cause.name === 'Error' ? cause.message : '';
  if (!REFUSALS.has(code) || words === '') return error;
  return new ParleyError(code, `${message} ${words}`, {
    cause,
    ...(param !== null && { param }),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  });
}
