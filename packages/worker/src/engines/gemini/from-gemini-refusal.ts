import { z } from 'zod';
import type { ErrorCode, ParleyError } from '@parley/contracts';
import { byWords, codeOfStatus, toParleyError, type Upstream } from '../online/from-openai-refusal.ts';
import type { VendorRefusal } from '../online/vendor-refusal.ts';

// ai.google.dev/gemini-api/docs/troubleshooting; the rest is by the HTTP status.
const CODES: Record<string, ErrorCode> = {
  UNAUTHENTICATED: 'provider_key_refused',
  PERMISSION_DENIED: 'provider_key_refused',
  NOT_FOUND: 'model_not_found',
  RESOURCE_EXHAUSTED: 'provider_rate_limited',
  // "Free tier is not available in your country. Please enable billing."
  FAILED_PRECONDITION: 'provider_quota_exceeded',
  UNAVAILABLE: 'provider_overloaded',
  INTERNAL: 'provider_failed',
  DEADLINE_EXCEEDED: 'provider_failed',
};
const detailsSchema = z
  .array(
    z.looseObject({
      reason: z.string().nullish().catch(null),
      retryDelay: z.string().nullish().catch(null),
      violations: z
        .array(z.looseObject({ quotaId: z.string().nullish().catch(null) }))
        .nullish()
        .catch(null),
    }),
  )
  .catch([]);

/** Google's refusal as an error of the table. */
export function fromGeminiRefusal(refusal: VendorRefusal, upstream: Upstream): ParleyError {
  const details = detailsSchema.parse(refusal.details);
  const delay = details.map(({ retryDelay }) => toSeconds(retryDelay)).find((seconds) => seconds !== null);
  const retryAfterSeconds = refusal.retryAfterSeconds ?? delay ?? null;
  return toParleyError(toCode(refusal, details), { ...refusal, retryAfterSeconds }, upstream);
}

function toCode(refusal: VendorRefusal, details: z.output<typeof detailsSchema>): ErrorCode {
  // A wrong key is a 400.
  if (details.some(({ reason }) => reason?.startsWith('API_KEY_'))) return 'provider_key_refused';
  // Google says RESOURCE_EXHAUSTED for a minute's quota as for a day's; only the latter is used up.
  const quotas = details.flatMap(({ violations }) => violations ?? []);
  if (quotas.some(({ quotaId }) => quotaId?.includes('PerDay'))) return 'provider_quota_exceeded';
  return byWords(CODES[refusal.type ?? ''] ?? codeOfStatus(refusal), refusal.message);
}

function toSeconds(delay: string | null | undefined): number | null {
  const seconds = Number.parseFloat(delay ?? '');
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null;
}
