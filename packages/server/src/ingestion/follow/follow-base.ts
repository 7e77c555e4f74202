import type { Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import { spacesOf } from '../rows/space-rows.ts';
import { toVectorSpace, type BaseIndexes } from './base-indexes.ts';

const PAGE = 200;

/** Brings the words of a base in line with its rows; removes them when it is gone. */
export async function followBaseWords(db: Kysely<Database>, indexes: BaseIndexes, baseId: string): Promise<void> {
  const { words } = await indexes.index();
  const base = await db.selectFrom('knowledge_bases').select('id').where('id', '=', baseId).executeTakeFirst();
  if (base === undefined) return words.removeBase(baseId);
  const surplus = new Set((await words.documents(baseId)).map(({ documentId }) => documentId));
  for await (const ids of documentIds(db, baseId)) {
    for (const id of ids) {
      surplus.delete(id);
      await indexes.followWords(baseId, id);
    }
  }
  for (const id of surplus) await indexes.followWords(baseId, id);
}

/** Brings the vectors of a base in line with its rows. */
export async function followBaseVectors(db: Kysely<Database>, indexes: BaseIndexes, baseId: string): Promise<void> {
  for (const { id } of await spacesOf(db, baseId)) await indexes.followSpace(baseId, id);
}

/** Removes what the indexes hold of a base. */
export async function emptyIndexes(db: Kysely<Database>, indexes: BaseIndexes, baseId: string): Promise<void> {
  await (await indexes.index()).words.removeBase(baseId);
  const spaces = (await spacesOf(db, baseId)).map(toVectorSpace).filter((space) => space !== null);
  if (spaces.length === 0) return;
  const vectors = await indexes.vectors(baseId);
  for (const { id } of spaces) await vectors.removeSpace(id);
}

async function* documentIds(db: Kysely<Database>, baseId: string): AsyncGenerator<string[]> {
  let after = '';
  while (true) {
    const rows = await db
      .selectFrom('documents')
      .select('id')
      .where('base_id', '=', baseId)
      .where('version_id', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ id }) => id);
    after = last.id;
    await breathe();
  }
}
