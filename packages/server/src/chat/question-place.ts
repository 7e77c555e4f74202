import { MAX_TITLE_LENGTH, ParleyError, type ChatRequest } from '@parley/contracts';
import type { Turn } from '@parley/rag';
import type { ConversationTable } from '../database/schema.ts';
import type { ConversationsRepository } from '../conversations/conversations.repository.ts';
import { conversationNotFound } from '../conversations/conversations.service.ts';
import type { StoredMessage } from '../conversations/message-row.ts';
import type { MessagesRepository } from '../conversations/messages.repository.ts';
import type { NewMessage } from './exchange.repository.ts';
import type { RunRegistry } from './run-registry.ts';
import { fromHistory, toTurns } from './turns.ts';

/** Where a question goes, and what was said before it there. */
export interface QuestionPlace {
  conversationId: string;
  /** The row to make, when the conversation is new. */
  newConversation: ConversationTable | null;
  /** Messages to store before the question: what a client brought along as history. */
  history: NewMessage[];
  parentId: string | null;
  turns: Turn[];
  lastModel: string | null;
}

export interface QuestionPlacesOptions {
  conversations: Pick<ConversationsRepository, 'find'>;
  messages: MessagesRepository;
  runs: Pick<RunRegistry, 'isActive'>;
  toTitle: (question: string) => string;
  memoryTurns: number;
  now: () => number;
  newId: () => string;
}

/** Finds the place of a question in a user's trees, and refuses places that are not the user's. */
export class QuestionPlaces {
  readonly #options: QuestionPlacesOptions;

  constructor(options: QuestionPlacesOptions) {
    this.#options = options;
  }

  async find(userId: string, request: ChatRequest): Promise<QuestionPlace> {
    if (!request.conversation_id) return this.#inNewConversation(userId, request);
    const conversation = await this.#options.conversations.find(userId, request.conversation_id);
    if (!conversation) throw conversationNotFound();
    const newest = await this.#options.messages.newestAnswer(userId, conversation.id);
    const parentId = request.parent_id === undefined ? (newest?.id ?? null) : request.parent_id;
    if (parentId !== null) await this.#checkParent(userId, conversation.id, parentId);
    return {
      conversationId: conversation.id,
      newConversation: null,
      history: [],
      parentId,
      turns: await this.turnsBefore(parentId),
      lastModel: newest?.model ?? null,
    };
  }

  /** The turns that end with this answer, as many as a memory may want. */
  async turnsBefore(answerId: string | null): Promise<Turn[]> {
    // A turn is two messages; twice as many are read, because empty answers do not count.
    const limit = this.#options.memoryTurns * 4;
    return answerId === null || limit === 0 ? [] : toTurns(await this.#options.messages.path(answerId, limit));
  }

  /** A message of this user; throws `message_not_found`. */
  async message(userId: string, id: string): Promise<StoredMessage> {
    const message = await this.#options.messages.find(userId, id);
    if (message === null) throw messageNotFound();
    return message;
  }

  #inNewConversation(userId: string, request: ChatRequest): QuestionPlace {
    if (request.parent_id) throw messageNotFound();
    const { newId, now, toTitle } = this.#options;
    const name = (request.conversation_name ?? '').trim().slice(0, MAX_TITLE_LENGTH);
    const time = now();
    const conversation = {
      id: newId(),
      user_id: userId,
      // Until the first exchange names it the same way; a list is never without a name.
      title: name || toTitle(request.query),
      is_named: name ? 1 : 0,
      created_at: time,
      updated_at: time,
    };
    const turns = fromHistory(request.history);
    const history = this.#toMessages(turns);
    const parentId = history.at(-1)?.id ?? null;
    return {
      conversationId: conversation.id,
      newConversation: conversation,
      history,
      parentId,
      turns,
      lastModel: null,
    };
  }

  /** Stored as messages, so that the conversation remembers them by itself from then on. */
  #toMessages(turns: readonly Turn[]): NewMessage[] {
    const messages: NewMessage[] = [];
    for (const { question, answer } of turns) {
      const parent_id = messages.at(-1)?.id ?? null;
      const id = this.#options.newId();
      messages.push(
        { id, parent_id, role: 'user', status: 'complete', content: question, model: null },
        {
          id: this.#options.newId(),
          parent_id: id,
          role: 'assistant',
          status: 'complete',
          content: answer,
          model: null,
        },
      );
    }
    return messages;
  }

  async #checkParent(userId: string, conversationId: string, parentId: string): Promise<void> {
    const parent = await this.message(userId, parentId);
    if (parent.conversation_id !== conversationId) throw messageNotFound();
    if (parent.role !== 'assistant') {
      throw new ParleyError('invalid_request', 'parent_id: must be an answer.', { param: 'parent_id' });
    }
    if (this.#options.runs.isActive(parentId)) {
      throw new ParleyError('answer_running', 'The answer before is still being written; stop it or wait for its end.');
    }
  }
}

function messageNotFound(): ParleyError {
  return new ParleyError('message_not_found', 'There is no such message.');
}
