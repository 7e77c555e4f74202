import type { Kysely, Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { ConversationTable, Database, MessageTable } from '../database/schema.ts';

/** A message before it has its place in the conversation. */
export interface NewMessage {
  id: string;
  parent_id: string | null;
  role: MessageTable['role'];
  status: 'streaming' | 'complete';
  content: string;
  model: string | null;
}

export interface NewExchange {
  conversationId: string;
  /** Made in the same transaction, when the conversation is new. */
  newConversation: ConversationTable | null;
  /** In order; a parent comes before its children. */
  messages: readonly NewMessage[];
  /** The bases chosen for the conversation from now on; null leaves them as they are. */
  bases: readonly string[] | null;
  time: number;
}

/** Stores what a question brings, all of it or nothing. */
export class ExchangeRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Throws `conversation_not_found` when the conversation was deleted meanwhile. */
  async store({ conversationId, newConversation, messages, bases, time }: NewExchange): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      if (newConversation) await transaction.insertInto('conversations').values(newConversation).execute();
      else await touch(transaction, conversationId, time);
      if (bases !== null) await chooseBases(transaction, conversationId, bases);
      const last = await lastSequence(transaction, conversationId);
      const rows = messages.map((message, index) => ({
        ...message,
        conversation_id: conversationId,
        sequence: last + index + 1,
        created_at: time,
        finished_at: message.status === 'complete' ? time : null,
      }));
      for (const row of rows) await transaction.insertInto('messages').values(row).execute();
    });
  }
}

async function chooseBases(db: Transaction<Database>, conversation_id: string, ids: readonly string[]): Promise<void> {
  await db.deleteFrom('conversation_bases').where('conversation_id', '=', conversation_id).execute();
  if (ids.length === 0) return;
  // One that was removed since it was chosen is left out; its search finds nothing either.
  const there = await db.selectFrom('knowledge_bases').select('id').where('id', 'in', ids).execute();
  for (const { id: base_id } of there) {
    await db.insertInto('conversation_bases').values({ conversation_id, base_id }).execute();
  }
}

async function touch(transaction: Transaction<Database>, id: string, time: number): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('conversations')
    .set({ updated_at: time })
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new ParleyError('conversation_not_found', 'There is no such conversation.');
}

async function lastSequence(transaction: Transaction<Database>, conversationId: string): Promise<number> {
  const { last } = await transaction
    .selectFrom('messages')
    .select((row) => row.fn.max('sequence').as('last'))
    .where('conversation_id', '=', conversationId)
    .executeTakeFirstOrThrow();
  return last ?? 0;
}
