import { toPassageBlock, type Source } from '@parley/contracts';
import type { Language } from '@parley/text';
import { MASKED, PASSAGE_TEXTS } from '../prompts/passage-texts.ts';
import { maskOrders } from './mask-orders.ts';

/** A source as the model is shown it. */
export interface PromptPassage {
  index: number;
  title: string;
  text: string;
  /** It gives orders to models, or holds what its readers do not see. */
  isSuspicious: boolean;
  /** Something of it is left once the orders are taken out. */
  saysSomething: boolean;
}

/** Letters and digits that a passage must have left to be worth showing. */
const LEAST_LEFT = 12;

/**
 * A source as a prompt shows it: orders to a model are taken out of text, title and headings. The
 * source itself keeps its exact quote.
 */
export function toPromptPassage({ index, title, heading_path: headings, quote, flags }: Source): PromptPassage {
  const named = maskOrders([title, ...headings].join(' > '));
  const body = maskOrders(quote);
  const left = body.text.replaceAll(MASKED, '').match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return {
    index,
    title: named.text,
    text: body.text,
    isSuspicious: named.isMasked || body.isMasked || flags.includes('instructions') || flags.includes('hidden-text'),
    saysSomething: !body.isMasked || left >= LEAST_LEFT,
  };
}

/** The passages as they stand in the prompt, fenced, and after them what they are and are not. */
export function toPromptText(passages: readonly PromptPassage[], language: Language): string {
  const say = PASSAGE_TEXTS[language];
  if (passages.length === 0) return say.none;
  const suspicious = passages.filter(({ isSuspicious }) => isSuspicious).map(({ index }) => index);
  const warning = suspicious.length > 0 ? [say.suspicious(suspicious)] : [];
  return [toPassageBlock(passages), say.end, ...warning].join('\n\n');
}
