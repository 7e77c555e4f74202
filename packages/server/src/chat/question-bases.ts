import type { ChatRequest } from '@parley/contracts';
import type { ConversationBasesRepository } from '../conversations/conversation-bases.repository.ts';

/** Which of these bases a user may read. */
export interface ReadableBases {
  /** The same ids; throws `knowledge_base_not_found` when one of them is not there for this user. */
  require(userId: string, ids: readonly string[]): Promise<string[]>;
  /** Those of the ids that are still there for this user. */
  filter(userId: string, ids: readonly string[]): Promise<string[]>;
}

export interface QuestionBasesOptions {
  access: ReadableBases;
  bases: Pick<ConversationBasesRepository, 'of'>;
}

/** What a question is answered from. */
export interface ChosenBases {
  /** To be stored with the conversation; null: as they are. */
  stored: string[] | null;
  searched: string[];
}

/**
 * The bases that a question names, else those that its conversation remembers, as far as the user
 * may still read them; and always the files dropped into the conversation.
 */
export class QuestionBases {
  readonly #options: QuestionBasesOptions;

  constructor(options: QuestionBasesOptions) {
    this.#options = options;
  }

  async choose(
    userId: string,
    conversationId: string,
    asked: ChatRequest['knowledge_bases'] = null,
  ): Promise<ChosenBases> {
    const { access, bases } = this.#options;
    const known = (await bases.of([conversationId])).get(conversationId);
    const chosen = asked ? await access.require(userId, asked) : await access.filter(userId, known?.chosen ?? []);
    const searched = new Set(known?.files ? [...chosen, known.files] : chosen);
    return { stored: asked ? chosen : null, searched: [...searched] };
  }
}
