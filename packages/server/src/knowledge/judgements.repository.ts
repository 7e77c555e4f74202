import type { Kysely } from 'kysely';
import type { Judgement } from '@parley/contracts';
import type { Database, JudgementTable } from '../database/schema.ts';

const VIEW_COLUMNS = ['id', 'query', 'document_id', 'start', 'end', 'grade', 'origin', 'created_at'] as const;
/** Some for each of the queries that an evaluation asks, and more. */
const MOST_JUDGEMENTS = 5_000;

/** Judged passages. Who may ask is decided before. */
export class JudgementsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Newest first; the older of very many are not told. */
  list(baseId: string): Promise<Judgement[]> {
    return this.#db
      .selectFrom('judgements')
      .select(VIEW_COLUMNS)
      .where('base_id', '=', baseId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(MOST_JUDGEMENTS)
      .execute();
  }

  /** A pin; the one that stood on the same passage for the same query gives way to it. */
  async pin(judgement: JudgementTable): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      await db
        .deleteFrom('judgements')
        .where('base_id', '=', judgement.base_id)
        .where('origin', '=', 'pin')
        .where('query', '=', judgement.query)
        .where('document_id', '=', judgement.document_id)
        .where('start', '=', judgement.start)
        .where('end', '=', judgement.end)
        .execute();
      await db.insertInto('judgements').values(judgement).execute();
    });
  }

  /** What a thumb on an answer says, in the place of what it said before; documents that are gone are left out. */
  async replaceOfMessage(messageId: string, judgements: readonly JudgementTable[]): Promise<void> {
    const wanted = judgements.map(({ document_id: id }) => id);
    await this.#db.transaction().execute(async (db) => {
      await db.deleteFrom('judgements').where('message_id', '=', messageId).execute();
      const found = await db.selectFrom('documents').select(['id', 'base_id']).where('id', 'in', wanted).execute();
      const bases = new Map(found.map(({ id, base_id }) => [id, base_id]));
      const rows = judgements.filter((judgement) => bases.get(judgement.document_id) === judgement.base_id);
      if (rows.length > 0) await db.insertInto('judgements').values(rows).execute();
    });
  }

  /** Answers whether the base had such a judgement. */
  async remove(baseId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('judgements')
      .where('id', '=', id)
      .where('base_id', '=', baseId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}
