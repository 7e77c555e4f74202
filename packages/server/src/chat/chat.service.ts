import {
  MAX_TITLE_LENGTH,
  ParleyError,
  type Account,
  type AnswerStatus,
  type ChatRequest,
  type ModelView,
  type RegenerateRequest,
} from '@parley/contracts';
import type { ConversationTable } from '../database/schema.ts';
import type { StoredMessage } from '../conversations/message-row.ts';
import { conversationNotFound, toMessageView } from '../conversations/conversations.service.ts';
import type { ModelsService } from '../models/models.service.ts';
import { AnswerRun } from './answer-run.ts';
import type { ExchangeRepository, NewMessage } from './exchange.repository.ts';
import type { GatewayClient } from './gateway-client.ts';
import { patientCompletion } from './patient-completion.ts';
import type { RunRegistry } from './run-registry.ts';
import { fromHistory, toTurns } from './turns.ts';
import { writeAnswer, type WriteAnswerTools } from './write-answer.ts';

export interface ChatServiceOptions extends WriteAnswerTools {
  exchanges: ExchangeRepository;
  runs: RunRegistry;
  models: ModelsService;
  gateway: Pick<GatewayClient, 'completionFor'>;
  newId: () => string;
  memoryTurns: number;
}

/** Who asks, and in which request. */
export interface Asker {
  account: Account;
  requestId: string;
}

/** Where in which tree a question goes. */
interface Place {
  conversationId: string;
  newConversation: ConversationTable | null;
  parentId: string | null;
  lastModel: string | null;
  history: NewMessage[];
}

interface Question {
  id: string;
  content: string;
  parentId: string | null;
}

/** Questions in, runs out: stores first, then lets the answer be written. */
export class ChatService {
  readonly #options: ChatServiceOptions;

  constructor(options: ChatServiceOptions) {
    this.#options = options;
  }

  /** Stores the question with an empty answer, in one transaction, and starts the run that fills it. */
  async ask(asker: Asker, request: ChatRequest): Promise<AnswerRun> {
    const place = await this.#place(asker.account.id, request);
    const model = await this.#chooseModel(request.model, place.lastModel);
    const question = { id: this.#options.newId(), content: request.query, parentId: place.parentId };
    const row: NewMessage = { id: question.id, parent_id: place.parentId, role: 'user', status: 'complete', content: question.content, model: null };
    return this.#start({ asker, model, question, conversation: place, before: [...place.history, row] });
  }

  /** A new answer to the same question, beside the one named. */
  async regenerate(asker: Asker, messageId: string, { model: name }: RegenerateRequest): Promise<AnswerRun> {
    const answer = await this.#findMessage(asker.account.id, messageId);
    const parent = answer.parent_id === null ? null : await this.#options.messages.find(asker.account.id, answer.parent_id);
    if (answer.role !== 'assistant' || parent === null) {
      throw new ParleyError('invalid_request', 'Only an answer can be written anew.');
    }
    const model = await this.#chooseModel(name, answer.model);
    const question = { id: parent.id, content: parent.content, parentId: parent.parent_id };
    const conversation = { conversationId: answer.conversation_id, newConversation: null };
    return this.#start({ asker, model, question, conversation, before: [] });
  }

  /** Ends the answer where it is, from any tab; resolves once the end is stored. Harmless after the end. */
  async stop(userId: string, messageId: string): Promise<AnswerStatus> {
    const run = this.#options.runs.find(userId, messageId);
    if (run) return run.stop('stopped');
    return toMessageView(await this.#findMessage(userId, messageId), this.#options.runs).status;
  }

  /** The answer to follow: its run while there is one, else what is stored. */
  async find(userId: string, messageId: string): Promise<AnswerRun | StoredMessage> {
    const run = this.#options.runs.find(userId, messageId);
    if (run) return run;
    const stored = await this.#findMessage(userId, messageId);
    // Looked for again: it may have been started between the two questions.
    const view = toMessageView(stored, this.#options.runs);
    return this.#options.runs.find(userId, messageId) ?? { ...view, finish_reason: stored.finish_reason };
  }

  async #start(start: {
    asker: Asker;
    model: ModelView;
    question: Question;
    conversation: Pick<Place, 'conversationId' | 'newConversation'>;
    before: NewMessage[];
  }): Promise<AnswerRun> {
    const { asker, model, question, conversation, before } = start;
    const { exchanges, runs, now, newId } = this.#options;
    const identity = { userId: asker.account.id, conversationId: conversation.conversationId, questionId: question.id };
    const run = new AnswerRun({ ...identity, messageId: newId(), model: model.name, requestId: asker.requestId });
    const answer: NewMessage = { id: run.identity.messageId, parent_id: question.id, role: 'assistant', status: 'streaming', content: '', model: model.name };
    runs.add(run);
    try {
      await exchanges.store({ ...conversation, messages: [...before, answer], time: now() });
      const turns = await this.#turnsBefore(question);
      void writeAnswer(run, { question: question.content, turns, model, complete: this.#completionFor(run) }, this.#options);
    } catch (error) {
      runs.discard(run);
      throw error;
    }
    return run;
  }

  async #place(userId: string, request: ChatRequest): Promise<Place> {
    if (!request.conversation_id) return this.#newPlace(userId, request);
    const conversation = await this.#options.conversations.find(userId, request.conversation_id);
    if (!conversation) throw conversationNotFound();
    const newest = await this.#options.messages.newestAnswer(userId, conversation.id);
    const parentId = request.parent_id === undefined ? (newest?.id ?? null) : request.parent_id;
    if (parentId !== null) await this.#checkParent(userId, conversation.id, parentId);
    return { conversationId: conversation.id, newConversation: null, parentId, lastModel: newest?.model ?? null, history: [] };
  }

  #newPlace(userId: string, request: ChatRequest): Place {
    if (request.parent_id) throw messageNotFound();
    const { newId, now, toTitle } = this.#options;
    const id = newId();
    const name = (request.conversation_name ?? '').trim().slice(0, MAX_TITLE_LENGTH);
    const title = name || toTitle(request.query);
    const newConversation = { id, user_id: userId, title, is_named: name ? 1 : 0, created_at: now(), updated_at: now() };
    const history = this.#toHistory(request);
    return { conversationId: id, newConversation, parentId: history.at(-1)?.id ?? null, lastModel: null, history };
  }

  /** Stored as messages, so that the conversation remembers them by itself from then on. */
  #toHistory(request: ChatRequest): NewMessage[] {
    let parent_id: string | null = null;
    const messages: NewMessage[] = [];
    for (const { question, answer } of fromHistory(request.history)) {
      const questionId = this.#options.newId();
      const answerId = this.#options.newId();
      messages.push({ id: questionId, parent_id, role: 'user', status: 'complete', content: question, model: null });
      messages.push({ id: answerId, parent_id: questionId, role: 'assistant', status: 'complete', content: answer, model: null });
      parent_id = answerId;
    }
    return messages;
  }

  async #checkParent(userId: string, conversationId: string, parentId: string): Promise<void> {
    const parent = await this.#findMessage(userId, parentId);
    if (parent.conversation_id !== conversationId) throw messageNotFound();
    if (parent.role !== 'assistant') {
      throw new ParleyError('invalid_request', 'parent_id: must be an answer.', { param: 'parent_id' });
    }
    if (this.#options.runs.isActive(parentId)) {
      throw new ParleyError('answer_running', 'The answer before is still being written; stop it or wait for its end.');
    }
  }

  #chooseModel(name: string | null | undefined, lastUsed: string | null): Promise<ModelView> {
    return name ? this.#options.models.named(name) : this.#options.models.fallback(lastUsed);
  }

  async #turnsBefore({ parentId }: Question) {
    // A turn is two messages; twice as many are read, because empty answers do not count.
    const limit = this.#options.memoryTurns * 4;
    return parentId === null || limit === 0 ? [] : toTurns(await this.#options.messages.path(parentId, limit));
  }

  #completionFor(run: AnswerRun) {
    const { userId, requestId, messageId } = run.identity;
    const onWait = () => run.log.append({ type: 'status', message_id: messageId, waiting_for: 'queue' });
    return patientCompletion(this.#options.gateway.completionFor({ userId, requestId }), { now: this.#options.now, onWait });
  }

  async #findMessage(userId: string, id: string): Promise<StoredMessage> {
    const message = await this.#options.messages.find(userId, id);
    if (message === null) throw messageNotFound();
    return message;
  }
}

function messageNotFound(): ParleyError {
  return new ParleyError('message_not_found', 'There is no such message.');
}
