import { z } from 'zod';
import type { ErrorCode, ParleyError } from '@parley/contracts';
import { codeOfStatus, toParleyError, type Upstream } from '../online/from-openai-refusal.ts';
import type { VendorRefusal } from '../online/vendor-refusal.ts';

// platform.claude.com/docs/en/api/errors: the type counts, in a stream it is all there is.
const STATUSES: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  overloaded_error: 529,
};
const detailsSchema = z.looseObject({ error_code: z.string().regex(/spend_limit_reached$/) });

/** Anthropic's refusal as an error of the table. */
export function fromAnthropicRefusal(refusal: VendorRefusal, upstream: Upstream): ParleyError {
  return toParleyError(toCode(refusal), refusal, upstream);
}

function toCode(refusal: VendorRefusal): ErrorCode {
  // A month's limit comes as a rate limit; waiting a little does not help.
  if (detailsSchema.safeParse(refusal.details).success) return 'provider_quota_exceeded';
  return codeOfStatus({ ...refusal, status: STATUSES[refusal.type ?? ''] ?? refusal.status });
}
