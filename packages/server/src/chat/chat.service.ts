import {
  ParleyError,
  type Account,
  type ChatRequest,
  type ModelView,
  type RegenerateRequest,
  type StoppedMessage,
} from '@parley/contracts';
import type { Turn } from '@parley/rag';
import type { StoredMessage } from '../conversations/message-row.ts';
import { toMessageView } from '../conversations/conversations.service.ts';
import type { ConversationBasesRepository } from '../conversations/conversation-bases.repository.ts';
import type { ModelsService } from '../models/models.service.ts';
import { AnswerRun } from './answer-run.ts';
import type { ExchangeRepository, NewMessage } from './exchange.repository.ts';
import type { GatewayClient } from './gateway-client.ts';
import { patientCompletion } from './patient-completion.ts';
import { QuestionBases, type ChosenBases, type ReadableBases } from './question-bases.ts';
import { QuestionPlaces, type QuestionPlace } from './question-place.ts';
import { reportedCompletion, type WaitStatus } from './reported-completion.ts';
import type { RunRegistry } from './run-registry.ts';
import { writeAnswer, type WriteAnswerTools } from './write-answer.ts';

export interface ChatServiceOptions extends WriteAnswerTools {
  exchanges: ExchangeRepository;
  runs: RunRegistry;
  conversationBases: Pick<ConversationBasesRepository, 'of'>;
  access: ReadableBases;
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

interface Question {
  id: string;
  content: string;
  turns: readonly Turn[];
}

/** Questions in, runs out: stores first, then lets the answer be written. */
export class ChatService {
  readonly #options: ChatServiceOptions;
  readonly #places: QuestionPlaces;
  readonly #bases: QuestionBases;

  constructor(options: ChatServiceOptions) {
    this.#options = options;
    this.#places = new QuestionPlaces(options);
    this.#bases = new QuestionBases({ access: options.access, bases: options.conversationBases });
  }

  /** Stores the question with an empty answer, in one transaction, and starts the run that fills it. */
  async ask(asker: Asker, request: ChatRequest): Promise<AnswerRun> {
    const place = await this.#places.find(asker.account.id, request);
    const bases = await this.#bases.choose(asker.account.id, place.conversationId, request.knowledge_bases);
    const model = await this.#chooseModel(asker.account, { name: request.model, lastUsed: place.lastModel });
    const question = { id: this.#options.newId(), content: request.query, turns: place.turns };
    const row: NewMessage = {
      id: question.id,
      parent_id: place.parentId,
      role: 'user',
      status: 'complete',
      content: question.content,
      model: null,
    };
    return this.#start({ asker, model, question, conversation: place, bases, before: [...place.history, row] });
  }

  /** A new answer to the same question, beside the one named. */
  async regenerate(asker: Asker, messageId: string, { model: name }: RegenerateRequest): Promise<AnswerRun> {
    const answer = await this.#places.message(asker.account.id, messageId);
    const parent =
      answer.parent_id === null ? null : await this.#options.messages.find(asker.account.id, answer.parent_id);
    if (answer.role !== 'assistant' || parent === null) {
      throw new ParleyError('invalid_request', 'Only an answer can be written anew.');
    }
    const model = await this.#chooseModel(asker.account, { name, lastUsed: answer.model });
    const turns = await this.#places.turnsBefore(parent.parent_id);
    const question = { id: parent.id, content: parent.content, turns };
    const conversation = { conversationId: answer.conversation_id, newConversation: null };
    const bases = await this.#bases.choose(asker.account.id, answer.conversation_id);
    return this.#start({ asker, model, question, conversation, bases, before: [] });
  }

  /** Ends the answer where it is, from any tab; resolves once the end is stored. Harmless after the end. */
  async stop(userId: string, messageId: string): Promise<StoppedMessage> {
    const run = this.#options.runs.find(userId, messageId);
    if (run) return { status: await run.stop('stopped') };
    return { status: toMessageView(await this.#places.message(userId, messageId), this.#options.runs).status };
  }

  /** The answer to follow: its run while there is one, else what is stored. */
  async find(userId: string, messageId: string): Promise<AnswerRun | StoredMessage> {
    const run = this.#options.runs.find(userId, messageId);
    if (run) return run;
    const stored = await this.#places.message(userId, messageId);
    // Looked for again: it may have been started between the two questions.
    const view = toMessageView(stored, this.#options.runs);
    return this.#options.runs.find(userId, messageId) ?? { ...view, finish_reason: stored.finish_reason };
  }

  async #start(start: {
    asker: Asker;
    model: ModelView;
    question: Question;
    conversation: Pick<QuestionPlace, 'conversationId' | 'newConversation'>;
    bases: ChosenBases;
    before: NewMessage[];
  }): Promise<AnswerRun> {
    const { asker, model, question, conversation, bases, before } = start;
    const { exchanges, runs, now, newId } = this.#options;
    const identity = { userId: asker.account.id, conversationId: conversation.conversationId, questionId: question.id };
    const run = new AnswerRun({ ...identity, messageId: newId(), model: model.name, requestId: asker.requestId });
    const answer: NewMessage = {
      id: run.identity.messageId,
      parent_id: question.id,
      role: 'assistant',
      status: 'streaming',
      content: '',
      model: model.name,
    };
    runs.add(run);
    try {
      await exchanges.store({ ...conversation, messages: [...before, answer], bases: bases.stored, time: now() });
      const { content, turns } = question;
      const whose = { userId: asker.account.id, baseIds: bases.searched };
      const task = { question: content, turns, model, ...whose, complete: this.#completionFor(run, model) };
      void writeAnswer(run, task, this.#options);
    } catch (error) {
      runs.discard(run);
      throw error;
    }
    return run;
  }

  #chooseModel(
    account: Account,
    { name, lastUsed }: { name: string | null | undefined; lastUsed: string | null },
  ): Promise<ModelView> {
    const { models } = this.#options;
    return name ? models.named(account, name) : models.fallback(account, lastUsed);
  }

  #completionFor(run: AnswerRun, model: ModelView) {
    const { gateway, models } = this.#options;
    const { userId, requestId, messageId } = run.identity;
    const onStatus = (status: WaitStatus) => run.log.append({ type: 'status', message_id: messageId, ...status });
    const loading = (name: string) => models.loading(name);
    const complete = reportedCompletion(gateway.completionFor({ userId, requestId }), { model, loading, onStatus });
    return patientCompletion(complete, { onWait: () => onStatus({ waiting_for: 'queue' }) });
  }
}
