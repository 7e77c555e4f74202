import type { Kysely, Selectable } from 'kysely';
import type { Database, EmbeddingSpaceTable } from '../../database/schema.ts';

export type SpaceRow = Selectable<EmbeddingSpaceTable>;

/** The space that answers now; null: words alone. */
export async function activeSpace(db: Kysely<Database>, baseId: string): Promise<SpaceRow | null> {
  const row = await db
    .selectFrom('embedding_spaces')
    .selectAll()
    .where('base_id', '=', baseId)
    .where('state', '=', 'active')
    .executeTakeFirst();
  return row ?? null;
}

export async function findSpace(db: Kysely<Database>, id: string): Promise<SpaceRow | null> {
  const row = await db.selectFrom('embedding_spaces').selectAll().where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

/** Newest first. */
export async function spacesOf(db: Kysely<Database>, baseId: string): Promise<SpaceRow[]> {
  return db
    .selectFrom('embedding_spaces')
    .selectAll()
    .where('base_id', '=', baseId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}
