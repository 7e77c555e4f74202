import { ParleyError, type Evaluation, type Message, type RetrievalTrace, type SearchRequest } from '@parley/contracts';
import type { MessagesRepository } from '../conversations/messages.repository.ts';
import type { BaseAccess } from '../knowledge/base-access.ts';
import type { JudgementsRepository } from '../knowledge/judgements.repository.ts';
import type { SearchesService } from '../knowledge/searches.service.ts';
import type { BaseEvaluation, EvaluationTask } from './base-evaluation.ts';
import { toJudgements } from './feedback.ts';
import type { KnowledgeSearch } from './knowledge-search.ts';
import type { PassagesRepository } from './passages.repository.ts';

export interface RetrievalServiceOptions {
  access: Pick<BaseAccess, 'require' | 'requireBase' | 'filter'>;
  knowledge: KnowledgeSearch;
  evaluation: BaseEvaluation;
  searches: Pick<SearchesService, 'record'>;
  judgements: Pick<JudgementsRepository, 'replaceOfMessage'>;
  passages: Pick<PassagesRepository, 'existingDocuments'>;
  messages: Pick<MessagesRepository, 'find' | 'trace' | 'setFeedback'>;
  now: () => number;
  newId: () => string;
}

/** Searching for its own sake, and what is learned from answers; each call checks who asks. */
export class RetrievalService {
  readonly #options: RetrievalServiceOptions;

  constructor(options: RetrievalServiceOptions) {
    this.#options = options;
  }

  /** Throws `knowledge_base_not_found` when one of the bases is not there for this user. */
  async search(userId: string, request: SearchRequest, signal: AbortSignal): Promise<RetrievalTrace> {
    const { access, knowledge, searches } = this.#options;
    const baseIds = await access.require(userId, request.base_ids);
    const task = { userId, baseIds, filter: request.filter ?? null, passages: request.limit };
    const { trace } = await knowledge.find([request.query], task, signal);
    if (trace === null) throw new ParleyError('internal_error', 'The search left no trace.');
    const hits = trace.hits.filter(({ index }) => index !== null).length;
    await searches.record(userId, baseIds, { query: request.query, hits, total_ms: trace.timings.total_ms });
    return trace;
  }

  /** The searches against the base's judgements; for those who may change its settings. */
  async evaluate(userId: string, task: Omit<EvaluationTask, 'userId'>, signal: AbortSignal): Promise<Evaluation> {
    await this.#options.access.requireBase(userId, task.baseId, 'editor');
    return this.#options.evaluation.run({ userId, ...task }, signal);
  }

  /**
   * How the passages of an answer were found; null for one without retrieval. It holds passages that
   * the answer did not use: those of a base that the asker may read no more are left out.
   */
  async trace(userId: string, messageId: string): Promise<{ trace: RetrievalTrace | null }> {
    const { messages, access } = this.#options;
    await this.#message(userId, messageId);
    const trace = await messages.trace(messageId);
    if (trace === null) return { trace };
    const bases = trace.hits.map(({ base_id: id }) => id);
    const readable = new Set(await access.filter(userId, bases));
    return { trace: { ...trace, hits: trace.hits.filter(({ base_id: id }) => readable.has(id)) } };
  }

  /** Keeps the thumb, and judges the cited passages by it. */
  async feedback(userId: string, messageId: string, score: 1 | -1 | null): Promise<void> {
    const { messages, judgements, passages, access } = this.#options;
    const answer = await this.#message(userId, messageId);
    if (answer.role !== 'assistant') throw new ParleyError('invalid_request', 'Only an answer can be judged.');
    const question = answer.parent_id === null ? null : await messages.find(userId, answer.parent_id);
    await messages.setFeedback(messageId, score);
    const judged =
      score !== null && question ? toJudgements({ answer, question: question.content, score }, this.#options) : [];
    const readable = new Set(
      await access.filter(
        userId,
        judged.map(({ base_id }) => base_id),
      ),
    );
    const there = new Set(await passages.existingDocuments(judged.map(({ document_id }) => document_id)));
    const kept = judged.filter(({ base_id, document_id }) => readable.has(base_id) && there.has(document_id));
    await judgements.replaceOfMessage(messageId, kept);
  }

  async #message(userId: string, id: string): Promise<Message> {
    const message = await this.#options.messages.find(userId, id);
    if (message === null) throw new ParleyError('message_not_found', 'There is no such message.');
    return message;
  }
}
