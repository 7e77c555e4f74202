import {
  ParleyError,
  type Conversation,
  type ConversationPage,
  type Message,
  type MessageList,
} from '@parley/contracts';
import type { ConversationTable } from '../database/schema.ts';
import type { ConversationBases, ConversationBasesRepository } from './conversation-bases.repository.ts';
import type { ConversationsRepository } from './conversations.repository.ts';
import type { StoredMessage } from './message-row.ts';
import type { MessagesRepository } from './messages.repository.ts';
import { fromCursorText, toCursorText } from './page-cursor.ts';

/** What this room asks of the answers that are being written. */
export interface RunningAnswers {
  isRunning(conversationId: string): boolean;
  isActive(messageId: string): boolean;
  /** Stops all answers of the conversation; resolves once their ends are stored. */
  stopConversation(conversationId: string): Promise<void>;
}

export interface ConversationsServiceOptions {
  conversations: ConversationsRepository;
  messages: MessagesRepository;
  bases: Pick<ConversationBasesRepository, 'of'>;
  /** Removes the base of the files that were dropped into a conversation, with all that belongs to it. */
  removeFiles: (baseId: string) => Promise<void>;
  runs: RunningAnswers;
  now: () => number;
  newId: () => string;
}

/** A user's conversations and what stands in them. */
export class ConversationsService {
  readonly #options: ConversationsServiceOptions;

  constructor(options: ConversationsServiceOptions) {
    this.#options = options;
  }

  async page(userId: string, { before, limit }: { before: string | null; limit: number }): Promise<ConversationPage> {
    const cursor = before === null ? null : fromCursorText(before);
    // One more than asked for tells whether there is a next page.
    const rows = await this.#options.conversations.page(userId, { before: cursor, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const bases = await this.#options.bases.of(shown.map(({ id }) => id));
    return {
      conversations: shown.map((row) => this.#toView(row, bases.get(row.id))),
      next: last === undefined ? null : toCursorText({ updatedAt: last.updated_at, id: last.id }),
    };
  }

  async create(userId: string, name: string | null): Promise<Conversation> {
    const time = this.#options.now();
    const row = {
      id: this.#options.newId(),
      user_id: userId,
      title: name ?? '',
      is_named: name === null ? 0 : 1,
      created_at: time,
      updated_at: time,
    };
    await this.#options.conversations.insert(row);
    return this.#toView(row);
  }

  async find(userId: string, id: string): Promise<Conversation> {
    const row = await this.#options.conversations.find(userId, id);
    if (row === undefined) throw conversationNotFound();
    return this.#toView(row, (await this.#options.bases.of([id])).get(id));
  }

  async rename(userId: string, id: string, title: string): Promise<Conversation> {
    const wasThere = await this.#options.conversations.rename(userId, id, title);
    if (!wasThere) throw conversationNotFound();
    return this.find(userId, id);
  }

  async remove(userId: string, id: string): Promise<void> {
    const { files_base_id: files } = await this.find(userId, id);
    await this.#options.runs.stopConversation(id);
    if (files !== null) await this.#options.removeFiles(files);
    await this.#options.conversations.remove(userId, id);
  }

  async messages(userId: string, id: string): Promise<MessageList> {
    await this.find(userId, id);
    const messages = await this.#options.messages.list(userId, id);
    return { messages: messages.map((message) => toMessageView(message, this.#options.runs)) };
  }

  #toView({ id, title, created_at, updated_at }: ConversationTable, bases?: ConversationBases): Conversation {
    const is_running = this.#options.runs.isRunning(id);
    const { chosen: knowledge_bases = [], files: files_base_id = null } = bases ?? {};
    return { id, title, created_at, updated_at, is_running, knowledge_bases, files_base_id };
  }
}

/**
 * A message as the page sees it. One that stands as streaming without anybody writing it lost its
 * end, because the disk refused it; it shows as interrupted, as it will after the next start.
 */
export function toMessageView(stored: StoredMessage, runs: Pick<RunningAnswers, 'isActive'>): Message {
  const { finish_reason: _, ...message } = stored;
  const isOrphan = message.status === 'streaming' && !runs.isActive(message.id);
  return isOrphan ? { ...message, status: 'interrupted' } : message;
}

/** Said of what does not exist and of what is someone else's alike. */
export function conversationNotFound(): ParleyError {
  return new ParleyError('conversation_not_found', 'There is no such conversation.');
}
