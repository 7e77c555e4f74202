import type { Kysely } from 'kysely';
import type { Database, UploadedFileTable } from '../../database/schema.ts';
import { isBeyond, type PagePlan } from './list-page.ts';

/** What programs uploaded. Each file is its owner's alone. */
export class FilesRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async insert(file: UploadedFileTable): Promise<void> {
    await this.#db.insertInto('uploaded_files').values(file).execute();
  }

  find(ownerId: string, id: string): Promise<UploadedFileTable | undefined> {
    return this.#owned(ownerId).where('id', '=', id).executeTakeFirst();
  }

  /** One more than the page has room for, when there are more. */
  page(ownerId: string, plan: PagePlan, purpose: string | null): Promise<UploadedFileTable[]> {
    let query = this.#owned(ownerId).where(isBeyond('uploaded_files', plan));
    if (purpose !== null) query = query.where('purpose', '=', purpose);
    return query
      .orderBy('created_at', plan.direction)
      .orderBy('id', plan.direction)
      .limit(plan.limit + 1)
      .execute();
  }

  async remove(ownerId: string, id: string): Promise<void> {
    await this.#db.deleteFrom('uploaded_files').where('owner_id', '=', ownerId).where('id', '=', id).execute();
  }

  #owned(ownerId: string) {
    return this.#db.selectFrom('uploaded_files').selectAll().where('owner_id', '=', ownerId);
  }
}
