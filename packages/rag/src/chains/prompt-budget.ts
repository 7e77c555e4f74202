import { estimateTokens } from '@parley/text';
import { selectTurns, type Turn } from '../memory/select-turns.ts';
import type { KnowledgeBaseInput } from './chat-input.ts';

/** Of models that do not say. */
const DEFAULT_CONTEXT = 8_192;
/** Tokens are estimated; a model's own count is higher by up to a quarter. */
const SAFE_SHARE = 0.8;
/** What an answer is given room for, unless told otherwise; at most a quarter of the context. */
const ANSWER_TOKENS = 1_024;
const MEMORY_TOKENS = 2_000;
/** What is said after the passages. */
const REMINDER_TOKENS = 150;
/** The last turn alone may be four times the memory's budget: with an eighth it takes half of the room. */
const MEMORY_SHARE = 1 / 8;

/** What of a conversation fits into a prompt, and the room that is left. */
export interface PromptBudget {
  turns: Turn[];
  /** Estimated tokens that all passages together may have; not positive when the question alone is too long. */
  passageTokens: number;
}

/** Shares the model's context among answer, question, conversation and passages. `instructions`: the prompt without all of them. */
export function planPrompt(input: KnowledgeBaseInput, instructions: string): PromptBudget {
  const usable = Math.floor((input.contextLength ?? DEFAULT_CONTEXT) * SAFE_SHARE);
  const answer = Math.min(input.maxTokens ?? ANSWER_TOKENS, Math.floor(usable / 4));
  const room = usable - answer - REMINDER_TOKENS - estimateTokens(instructions) - estimateTokens(input.question);
  const { tokenBudget = MEMORY_TOKENS, ...memory } = input.memory ?? {};
  const most = Math.max(0, Math.min(tokenBudget, Math.floor(room * MEMORY_SHARE)));
  const turns = selectTurns(input.turns, { ...memory, tokenBudget: most });
  const spoken = turns.reduce((sum, turn) => sum + estimateTokens(turn.question) + estimateTokens(turn.answer), 0);
  return { turns, passageTokens: room - spoken };
}
