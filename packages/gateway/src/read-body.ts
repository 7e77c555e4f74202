import { MAX_TEXT_LENGTH, ParleyError } from '@parley/contracts';

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    throw new ParleyError('invalid_request', 'The body is not JSON.', { cause: error });
  }
}

/** Throws `body_too_large` when `count` finds more text than any model could read; `param` is the field that holds it. */
export function checkTextLength(body: Buffer, param: string, count: () => number): void {
  // A body has no more UTF-16 units than bytes; only a larger one is worth counting.
  if (body.length <= MAX_TEXT_LENGTH) return;
  const length = count();
  if (length <= MAX_TEXT_LENGTH) return;
  const message = `There are ${length} characters in ${param}; ${MAX_TEXT_LENGTH} are the most.`;
  throw new ParleyError('body_too_large', message, { param });
}
