import { sql, type Kysely, type Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';

/** Passages looked at in one go, and whose vectors are asked for and stored together. */
const PAGE = 200;

export interface Space {
  id: string;
  base_id: string;
  model: string;
}

export interface PassageRow {
  id: string;
  hash: string;
  /** The version's own, which the hash is made with. */
  title: string;
  heading_path: string;
  text: string;
}

/** Which passages: of one version, or of all searched versions of the space's base. */
export interface PassageScope {
  space: Space;
  versionId: string | null;
}

/** Ids of the passages that have no vector in the space, page by page; the event loop is free in between. */
export async function* missingPassages(db: Kysely<Database>, scope: PassageScope): AsyncGenerator<string[]> {
  let after: Place = { id: '', ordinal: -1 };
  while (true) {
    const page = await places(db, scope, after);
    const last = page.at(-1);
    if (last === undefined) return;
    const missing = page.filter(({ has_vector: vector }) => vector === null);
    if (missing.length > 0) yield missing.map(({ id }) => id);
    after = last;
    await breathe();
  }
}

/** Whether a passage has no vector in the space. */
export async function lacksVectors(db: Kysely<Database>, scope: PassageScope): Promise<boolean> {
  const { done } = await missingPassages(db, scope).next();
  return !done;
}

export async function readPassages(db: Kysely<Database>, ids: readonly string[]): Promise<PassageRow[]> {
  return db
    .selectFrom('chunks as chunk')
    .innerJoin('document_versions as version', 'version.id', 'chunk.version_id')
    .select(['chunk.id', 'chunk.hash', 'chunk.heading_path', 'chunk.text', 'version.title'])
    .where('chunk.id', 'in', ids)
    .execute();
}

interface Place {
  id: string;
  ordinal: number;
}

async function places(db: Kysely<Database>, { space, versionId }: PassageScope, after: Place) {
  const passages = db
    .selectFrom('chunks as chunk')
    .leftJoin('chunk_vectors as vector', (join) =>
      join.onRef('vector.chunk_id', '=', 'chunk.id').on('vector.space_id', '=', space.id),
    )
    .select(['chunk.id', 'chunk.ordinal', 'vector.chunk_id as has_vector'])
    .limit(PAGE);
  if (versionId !== null) {
    return passages
      .where('chunk.version_id', '=', versionId)
      .where('chunk.ordinal', '>', after.ordinal)
      .orderBy('chunk.ordinal')
      .execute();
  }
  return passages
    .innerJoin('documents as document', (join) =>
      join.onRef('document.id', '=', 'chunk.document_id').onRef('document.version_id', '=', 'chunk.version_id'),
    )
    .where('chunk.base_id', '=', space.base_id)
    .where('chunk.id', '>', after.id)
    .orderBy('chunk.id')
    .execute();
}

/** The space's vectors of passages with these hashes, by hash. A search of its own for each: it ends with the first of many that are equal. */
export async function storedVectors(
  db: Kysely<Database>,
  space: Space,
  hashes: readonly string[],
): Promise<Map<string, Uint8Array>> {
  if (hashes.length === 0) return new Map();
  const wanted = sql.join(hashes.map((hash) => sql`(${hash})`));
  const { rows } = await sql<{ hash: string; vector: Uint8Array | null }>`
    with wanted (hash) as (values ${wanted})
    select wanted.hash, (
      select vector.vector from chunks as chunk
      inner join chunk_vectors as vector on vector.chunk_id = chunk.id
      where chunk.base_id = ${space.base_id} and chunk.hash = wanted.hash and vector.space_id = ${space.id}
      limit 1
    ) as vector from wanted
  `.execute(db);
  return new Map(rows.flatMap(({ hash, vector }) => (vector === null ? [] : [[hash, vector]])));
}

/** Stores the passages' vectors, found by their hash. The first one of a space says how long all of it are. */
export async function storeVectors(
  trx: Transaction<Database>,
  {
    space,
    passages,
    vectors,
  }: { space: Space; passages: readonly PassageRow[]; vectors: ReadonlyMap<string, Uint8Array> },
): Promise<void> {
  const rows = passages.flatMap(({ id, hash }) => {
    const vector = vectors.get(hash);
    return vector ? [{ space_id: space.id, chunk_id: id, dimensions: vector.byteLength / 4, vector }] : [];
  });
  const length = await fixDimensions(trx, space, rows[0]?.dimensions ?? 0);
  if (rows.some(({ dimensions }) => dimensions !== length)) throw wrongLength(space.model, length);
  await trx
    .insertInto('chunk_vectors')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['space_id', 'chunk_id']).doNothing())
    .execute();
}

async function fixDimensions(trx: Transaction<Database>, space: Space, dimensions: number): Promise<number> {
  const row = await trx
    .selectFrom('embedding_spaces')
    .select('dimensions')
    .where('id', '=', space.id)
    .executeTakeFirst();
  if (row === undefined) throw new ParleyError('request_aborted', 'The embedding space was removed.');
  if (row.dimensions !== null) return row.dimensions;
  await trx.updateTable('embedding_spaces').set({ dimensions }).where('id', '=', space.id).execute();
  return dimensions;
}

function wrongLength(model: string, length: number): ParleyError {
  const message = `${model} answered vectors of another length than the ${length} numbers that it gave before. Choose the model anew to fill a new space with it.`;
  return new ParleyError('embedding_failed', message);
}
