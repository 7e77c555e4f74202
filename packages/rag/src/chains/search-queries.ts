import { detectLanguage } from '@parley/text';
import type { Turn } from '../memory/select-turns.ts';
import { toMessages } from '../memory/to-messages.ts';
import { GatewayChatModel } from '../models/gateway-chat-model.ts';
import { QuietCallbacks } from '../models/quiet-callbacks.ts';
import { promptFor } from '../prompts/prompt-library.ts';
import type { KnowledgeBaseInput } from './chat-input.ts';

/** A rewritten question is one sentence; a model that writes more has begun to answer. */
const MAX_REWRITE_TOKENS = 200;
/** A longer question says by itself what it is about. */
const MAX_FOLLOW_UP_LENGTH = 80;
const POINTS_BACK =
  /\b(?:it|its|that|this|they|them|those|these|there|one)\b|^(?:and|or|what about|how about)\b|它|他们|那|这|呢|还有/i;

/**
 * What to search for, so that a follow-up finds what the conversation is about: one query, or two
 * for a follow-up that could not be rewritten. "It" needs the question before; "and DeepSeek?"
 * would drown in it; so both are searched, and their ranks are fused.
 */
export async function toSearchQueries(
  input: KnowledgeBaseInput,
  turns: Turn[],
  signal: AbortSignal,
): Promise<string[]> {
  const { question } = input;
  const last = turns.at(-1);
  if (!last) return [question];
  const condensed = input.followUps === 'condense' ? await condense(input, turns, signal) : null;
  if (condensed !== null) return [condensed];
  return isFollowUp(question) ? [`${last.question}\n${question}`, question] : [question];
}

function isFollowUp(question: string): boolean {
  return question.length <= MAX_FOLLOW_UP_LENGTH && POINTS_BACK.test(question);
}

/** Null when the model could not: the question itself still finds something. */
async function condense(input: KnowledgeBaseInput, turns: Turn[], signal: AbortSignal): Promise<string | null> {
  const { question } = input;
  const model = new GatewayChatModel({ ...input, maxTokens: MAX_REWRITE_TOKENS, temperature: 0 });
  const chain = promptFor('condense-question', detectLanguage(question)).pipe(model);
  try {
    const values = { history: toMessages(turns), question };
    const rewritten = await chain.invoke(values, { signal, callbacks: new QuietCallbacks() });
    return rewritten.text.trim() || null;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}
