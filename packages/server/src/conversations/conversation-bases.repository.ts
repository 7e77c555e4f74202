import type { Kysely } from 'kysely';
import type { Database } from '../database/schema.ts';

/** The bases of a conversation: those chosen for its questions, and that of the files dropped into it. */
export interface ConversationBases {
  chosen: string[];
  files: string | null;
}

/** Which bases conversations are answered from. Rights to the conversation are checked before. */
export class ConversationBasesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** One entry per id. */
  async of(conversationIds: readonly string[]): Promise<Map<string, ConversationBases>> {
    const bases = new Map<string, ConversationBases>(conversationIds.map((id) => [id, { chosen: [], files: null }]));
    if (conversationIds.length === 0) return bases;
    const chosen = await this.#db
      .selectFrom('conversation_bases')
      .selectAll()
      .where('conversation_id', 'in', conversationIds)
      .orderBy('base_id')
      .execute();
    for (const row of chosen) bases.get(row.conversation_id)?.chosen.push(row.base_id);
    const files = await this.#db
      .selectFrom('knowledge_bases')
      .select(['id', 'conversation_id'])
      .where('conversation_id', 'in', conversationIds)
      .execute();
    for (const { id, conversation_id } of files) {
      const entry = conversation_id === null ? undefined : bases.get(conversation_id);
      if (entry) entry.files = id;
    }
    return bases;
  }
}
