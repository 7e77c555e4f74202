import { createHash } from 'node:crypto';
import type { ChatMessage } from '@parley/contracts';

/** As many as a lease request carries; the longest are kept. */
const MAX_PREFIXES = 32;
const PREFIX_LENGTH = 16;

/**
 * What a prompt begins with, as hashes: one for each question in it, of everything up to there,
 * shortest first. The next turn of a conversation repeats all of them and adds one.
 */
export function promptPrefixes(messages: readonly ChatMessage[]): string[] {
  const sum = createHash('sha1');
  const prefixes: string[] = [];
  for (const message of messages) {
    sum.update(JSON.stringify(message));
    if (message.role === 'user') prefixes.push(sum.copy().digest('hex').slice(0, PREFIX_LENGTH));
  }
  return prefixes.slice(-MAX_PREFIXES);
}
