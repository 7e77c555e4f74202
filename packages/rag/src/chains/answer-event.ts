import type { RetrievalTrace, Source, Usage } from '@parley/contracts';

/**
 * One event of an answer on its way from a chain to whoever runs it. `status`, `sources` and `trace`
 * come before the first text, `finish` last and exactly once; an answer that fails throws instead.
 */
export type AnswerEvent =
  | { type: 'status'; waiting_for: 'retrieval' | 'prompt' }
  /** What the answer may cite, checked against the stored text; empty when nothing was found. */
  | { type: 'sources'; sources: Source[] }
  /** How the sources came about; right after them, where the search keeps one. */
  | { type: 'trace'; trace: RetrievalTrace }
  | { type: 'reasoning-delta'; reasoning: string }
  | { type: 'text-delta'; text: string }
  /** `reason` as the model said it: `stop`, `length`, … */
  | { type: 'finish'; reason: string; usage: Usage | null };
