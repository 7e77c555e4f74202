import { estimateTokens } from '@parley/text';

/** A question and the answer to it. */
export interface Turn {
  question: string;
  answer: string;
}

export interface MemoryLimits {
  /** At most so many turns; default 10. */
  maxTurns?: number;
  /** At most so many estimated tokens in all of them; default 2,000. */
  tokenBudget?: number;
}

/** The last answer may be this many times the budget: without it "make it shorter" means nothing. */
const LAST_TURN_ALLOWANCE = 4;

/**
 * The turns that a model is reminded of, oldest first. A turn without an answer (failed, stopped
 * before the first word) is skipped. What does not fit is dropped by whole turns, from the oldest;
 * a turn is never split. Only the newest may be longer than the budget, up to four times.
 */
export function selectTurns(turns: readonly Turn[], { maxTurns = 10, tokenBudget = 2_000 }: MemoryLimits = {}): Turn[] {
  const selected: Turn[] = [];
  let tokens = 0;
  for (const turn of turns.filter(({ answer }) => answer.trim() !== '').toReversed()) {
    tokens += estimateTokens(turn.question) + estimateTokens(turn.answer);
    const allowed = selected.length === 0 ? tokenBudget * LAST_TURN_ALLOWANCE : tokenBudget;
    if (selected.length >= maxTurns || tokens > allowed) break;
    selected.push(turn);
  }
  return selected.toReversed();
}
