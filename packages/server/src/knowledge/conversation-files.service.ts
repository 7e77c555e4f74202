import { baseSettingsSchema, type KnowledgeBase } from '@parley/contracts';
import type { ConversationsRepository } from '../conversations/conversations.repository.ts';
import { conversationNotFound } from '../conversations/conversations.service.ts';
import type { Ingestion } from '../ingestion/ingestion.ts';
import type { BasesRepository } from './bases.repository.ts';
import type { BasesService } from './bases.service.ts';
import { chooseFirstModel, newBase } from './new-base.ts';

export interface ConversationFilesOptions {
  conversations: Pick<ConversationsRepository, 'find'>;
  repository: Pick<BasesRepository, 'insertForConversation'>;
  bases: Pick<BasesService, 'read'>;
  ingestion: Ingestion;
  /** Embeds what is dropped into conversations; null: words alone are searched. */
  model: string | null;
  now: () => number;
  newId: () => string;
}

/** The base that holds the files dropped into one conversation: its owner's alone, never shared, never listed. */
export class ConversationFilesService {
  readonly #options: ConversationFilesOptions;

  constructor(options: ConversationFilesOptions) {
    this.#options = options;
  }

  /** Made when there is none yet; two tabs that ask at once get the same. */
  async require(userId: string, conversationId: string): Promise<KnowledgeBase> {
    const { conversations, repository, bases, ingestion, model } = this.#options;
    const conversation = await conversations.find(userId, conversationId);
    if (conversation === undefined) throw conversationNotFound();
    const name = conversation.title === '' ? 'Files' : conversation.title;
    const base = newBase(
      { ownerId: userId, name, description: '', settings: baseSettingsSchema.parse({}) },
      this.#options,
    );
    const baseId = await repository.insertForConversation({
      ...base,
      kind: 'conversation',
      conversation_id: conversationId,
    });
    const isNew = baseId === base.id;
    if (isNew && model !== null) await chooseFirstModel(ingestion, baseId, model);
    return bases.read(userId, baseId);
  }
}
