import { messageStarts } from '../byte-vocabulary.ts';
import { ERASING_NEURONS, neuronsOf } from './feed-forward.ts';
import type { Rule } from './rule.ts';

/** Which layer's memory holds which rules, and how many neurons every layer therefore has. */
export interface PlacedRules {
  readonly forgetting: readonly Rule[];
  readonly copying: readonly Rule[];
  readonly neurons: number;
}

/** Rules that see a message's start must sit in the layer that blanks it; the others in the last, where they see the copy. */
export function placeRules(rules: readonly Rule[]): PlacedRules {
  const forgetting = rules.filter(seesStart);
  const copying = rules.filter((rule) => !seesStart(rule));
  if (forgetting.some(({ next }) => next.length > 1)) {
    throw new Error('A choice cannot be among the first eight bytes of a recital.');
  }
  const last = copying.reduce((sum, rule) => sum + neuronsOf(rule), 0);
  const needed = Math.max(ERASING_NEURONS + forgetting.length, last);
  return { forgetting, copying, neurons: Math.ceil(needed / 32) * 32 };
}

function seesStart({ context }: Rule): boolean {
  return context.some((token) => token !== null && messageStarts.has(token));
}
