import type { Language } from '@parley/text';
import type { MemoryLimits, Turn } from '../memory/select-turns.ts';
import type { StreamCompletion } from '../models/stream-completion.ts';
import type { FindPassages } from '../retrieval/find-passages.ts';

/** What every chain needs. */
export interface ChatInput {
  /** The model's name at the gateway. */
  model: string;
  question: string;
  /** The conversation so far, oldest first; cut to `memory` here. */
  turns: readonly Turn[];
  complete: StreamCompletion;
  memory?: MemoryLimits;
  temperature?: number;
  /** Longest answer, in the model's tokens. */
  maxTokens?: number;
}

/** What a chain that answers from documents needs besides. */
export interface KnowledgeBaseInput extends ChatInput {
  /** The search; `passagesOf` makes one over an index. */
  findPassages: FindPassages;
  /**
   * How a follow-up ("and on Windows?") is made searchable: `join` searches for it alone and
   * together with the question before it; `condense` lets the model rewrite it, and joins where
   * that fails. Default `join`, which costs nothing; a model that only quotes cannot rewrite.
   */
  followUps?: 'join' | 'condense';
  /**
   * Tokens that prompt and answer may have together. Conversation and passages are cut to it. 8,192
   * when null or left out.
   */
  contextLength?: number | null;
  /** What the model is told, in place of the library's prompt; `{passages}` stands for the passages. */
  prompts?: Partial<Record<Language, string | null>>;
  /** Milliseconds that only go forward. */
  now?: () => number;
}
