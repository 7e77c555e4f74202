import type { MemoryLimits, Turn } from '../memory/select-turns.ts';
import type { StreamCompletion } from '../models/stream-completion.ts';
import type { PassageIndex } from '../retrieval/passage-index.ts';
import type { PackLimits, ReadDocumentText } from '../retrieval/pack-sources.ts';

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
  index: PassageIndex;
  readText: ReadDocumentText;
  /**
   * How a follow-up ("and on Windows?") is made searchable: `join` searches for it alone and
   * together with the question before it; `condense` lets the model rewrite it, and joins where
   * that fails. Default `join`, which costs nothing; a model that only quotes cannot rewrite.
   */
  followUps?: 'join' | 'condense';
  /** Default: 5 passages of 1,500 tokens together. */
  limits?: Partial<PackLimits>;
}
