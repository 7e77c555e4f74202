import { errorBodySchema, ParleyError, type ErrorBody } from '@parley/contracts';
import type { WholeAnswer } from './worker-exchange.ts';

/** What a worker answered in one piece, as the error of a stream that is open already; its own words are kept. */
export function errorOfAnswer({ status, body }: WholeAnswer): ErrorBody {
  const parsed = errorBodySchema.safeParse(parseJson(body));
  if (status >= 400 && parsed.success) return parsed.data;
  const message = 'The worker answered with something that is neither a stream nor a readable error.';
  return new ParleyError('provider_failed', message).toBody();
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return null;
  }
}
