import { sql, type Kysely } from 'kysely';
import { retrievalTraceSchema, type RetrievalTrace, type Source } from '@parley/contracts';
import type { Database } from '../database/schema.ts';
import { toEndColumns, toStoredMessage, type AnswerEnd, type StoredMessage } from './message-row.ts';

/** What came since the last piece was stored; null sources stay as they are. */
export interface AnswerPiece {
  content: string;
  reasoning: string;
  sources: Source[] | null;
}

/** Messages, read by user and id; an answer that is being written is addressed by its id alone. */
export class MessagesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async find(userId: string, id: string): Promise<StoredMessage | null> {
    const row = await this.#ofUser(userId).where('messages.id', '=', id).executeTakeFirst();
    return row === undefined ? null : toStoredMessage(row);
  }

  /** The whole tree, oldest first. */
  async list(userId: string, conversationId: string): Promise<StoredMessage[]> {
    const rows = await this.#ofUser(userId)
      .where('messages.conversation_id', '=', conversationId)
      .orderBy('messages.sequence')
      .execute();
    return rows.map(toStoredMessage);
  }

  async newestAnswer(userId: string, conversationId: string): Promise<StoredMessage | null> {
    const row = await this.#ofUser(userId)
      .where('messages.conversation_id', '=', conversationId)
      .where('messages.role', '=', 'assistant')
      .orderBy('messages.sequence', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : toStoredMessage(row);
  }

  /** The message and its ancestors, root first; at most `limit` of them, the nearest. */
  async path(id: string, limit: number): Promise<StoredMessage[]> {
    const rows = await this.#db
      .withRecursive('path(id, parent_id, depth)', (db) =>
        db
          .selectFrom('messages')
          .select(['messages.id', 'messages.parent_id', sql<number>`1`.as('depth')])
          .where('messages.id', '=', id)
          .unionAll(
            db
              .selectFrom('path')
              .innerJoin('messages as parent', 'parent.id', 'path.parent_id')
              .select(['parent.id', 'parent.parent_id', sql<number>`path.depth + 1`.as('depth')])
              .where('path.depth', '<', limit),
          ),
      )
      .selectFrom('path')
      .innerJoin('messages', 'messages.id', 'path.id')
      .selectAll('messages')
      .orderBy('messages.sequence')
      .execute();
    return rows.map(toStoredMessage);
  }

  /** Adds a piece to what is stored of a streaming answer. */
  async append(id: string, { content, reasoning, sources }: AnswerPiece): Promise<void> {
    await this.#db
      .updateTable('messages')
      .set((row) => ({
        content: row('content', '||', content),
        ...(reasoning === '' ? {} : { reasoning: row(row.fn.coalesce('reasoning', row.val('')), '||', reasoning) }),
        ...(sources === null ? {} : { sources: JSON.stringify(sources) }),
      }))
      .where('id', '=', id)
      .where('status', '=', 'streaming')
      .execute();
  }

  /** Stores the whole answer with its end; what was appended before is replaced by it. */
  async finish(
    id: string,
    text: { content: string; reasoning: string | null },
    end: AnswerEnd & { trace: RetrievalTrace | null; finishedAt: number },
  ): Promise<void> {
    await this.#db
      .updateTable('messages')
      .set({
        ...text,
        ...toEndColumns(end),
        trace: end.trace && JSON.stringify(end.trace),
        finished_at: end.finishedAt,
      })
      .where('id', '=', id)
      .execute();
  }

  /** How the passages of an answer were found; null without retrieval. The message is the user's. */
  async trace(id: string): Promise<RetrievalTrace | null> {
    const row = await this.#db.selectFrom('messages').select('trace').where('id', '=', id).executeTakeFirst();
    const parsed = retrievalTraceSchema.safeParse(JSON.parse(row?.trace ?? 'null'));
    return parsed.success ? parsed.data : null;
  }

  /** The reader's thumb. The message is the user's. */
  async setFeedback(id: string, feedback: 1 | -1 | null): Promise<void> {
    await this.#db.updateTable('messages').set({ feedback }).where('id', '=', id).execute();
  }

  /** Answers that a server which died left streaming. Answers how many there were. */
  async interruptStreaming(time: number): Promise<number> {
    const { numUpdatedRows } = await this.#db
      .updateTable('messages')
      .set({ status: 'interrupted', finished_at: time })
      .where('status', '=', 'streaming')
      .executeTakeFirst();
    return Number(numUpdatedRows);
  }

  #ofUser(userId: string) {
    return this.#db
      .selectFrom('messages')
      .innerJoin('conversations', 'conversations.id', 'messages.conversation_id')
      .selectAll('messages')
      .where('conversations.user_id', '=', userId);
  }
}
