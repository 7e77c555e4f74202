import type { Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { inSlices } from '../breathe.ts';
import { noteChange } from './document-rows.ts';
import { dropVectors } from './drop-version.ts';
import type { SpaceRow } from './space-rows.ts';

/** Removes a base's spaces that are in one of these states, with their vectors, piece by piece. */
export async function dropSpaces(
  db: Kysely<Database>,
  baseId: string,
  states: readonly SpaceRow['state'][],
): Promise<void> {
  const spaces = await db
    .selectFrom('embedding_spaces')
    .select('id')
    .where('base_id', '=', baseId)
    .where('state', 'in', states)
    .execute();
  for (const { id } of spaces) {
    await inSlices(() => dropVectors(db, id));
    await db.transaction().execute(async (trx) => {
      await noteChange(trx, { baseId, spaceId: id });
      await trx.deleteFrom('embedding_spaces').where('id', '=', id).execute();
    });
  }
}
