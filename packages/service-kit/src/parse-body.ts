import type { z } from 'zod';
import { ParleyError } from '@parley/contracts';

/**
 * Parses what came in at the door. Throws `invalid_request` (400) that names the first field at
 * fault in `param` and says what would be right.
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  const reason = issue?.message ?? 'not understood';
  if (path === '') throw new ParleyError('invalid_request', `The body is wrong: ${reason}.`);
  throw new ParleyError('invalid_request', `${path}: ${reason}.`, { param: path });
}
