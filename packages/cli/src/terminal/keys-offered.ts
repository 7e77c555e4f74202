import type { Messages } from './messages.ts';

/** So many variables show how it is done; the page knows the others. */
const NAMED = 4;

/** The one sentence about all models that need nothing but a key; null when there are none. */
export function keysOffered(waiting: readonly { variable: string }[], say: Messages): string | null {
  const variables = [...new Set(waiting.map(({ variable }) => variable))];
  if (variables.length === 0) return null;
  return say.keysOffered(variables.slice(0, NAMED), Math.max(0, variables.length - NAMED));
}
