import type { Kysely } from 'kysely';
import type { ChunkVector, IndexedChunk } from '@parley/rag';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import { toHeadings } from '../embedding/to-headings.ts';
import { fromBytes } from '../embedding/vector-bytes.ts';

const PAGE = 200;
const ID_PAGE = 2_000;

/** Passages that may be found now: of the searched version, neither they nor their document disabled. */
function searched(db: Kysely<Database>) {
  return db
    .selectFrom('chunks as chunk')
    .innerJoin('documents as document', (join) =>
      join.onRef('document.id', '=', 'chunk.document_id').onRef('document.version_id', '=', 'chunk.version_id'),
    )
    .where('document.is_enabled', '=', 1)
    .where('chunk.is_enabled', '=', 1);
}

/** Page after page, with a turn for others between them, until one is empty; `read` is told the last row of the page before. */
async function* inPages<Row>(read: (last: Row | undefined) => Promise<Row[]>): AsyncGenerator<Row[]> {
  for (let rows = await read(undefined); rows.length > 0; rows = await read(rows.at(-1))) {
    yield rows;
    await breathe();
  }
}

/** A document's passages as the words take them, in order. */
export async function* searchedPassages(db: Kysely<Database>, documentId: string): AsyncGenerator<IndexedChunk[]> {
  const pages = inPages<{ id: string; ordinal: number; heading_path: string; text: string; title: string }>((last) =>
    searched(db)
      .select(['chunk.id', 'chunk.ordinal', 'chunk.heading_path', 'chunk.text', 'document.title'])
      .where('chunk.document_id', '=', documentId)
      .where('chunk.ordinal', '>', last?.ordinal ?? -1)
      .orderBy('chunk.ordinal')
      .limit(PAGE)
      .execute(),
  );
  for await (const rows of pages) {
    yield rows.map(({ id, title, heading_path, text }) => ({ id, title, headingPath: toHeadings(heading_path), text }));
  }
}

/** The vectors that a space has of a document's passages. */
export async function* documentVectors(
  db: Kysely<Database>,
  spaceId: string,
  documentId: string,
): AsyncGenerator<ChunkVector[]> {
  const pages = inPages<{ id: string; ordinal: number; vector: Uint8Array }>((last) =>
    searched(db)
      .innerJoin('chunk_vectors as vector', 'vector.chunk_id', 'chunk.id')
      .select(['chunk.id', 'chunk.ordinal', 'vector.vector'])
      .where('vector.space_id', '=', spaceId)
      .where('chunk.document_id', '=', documentId)
      .where('chunk.ordinal', '>', last?.ordinal ?? -1)
      .orderBy('chunk.ordinal')
      .limit(PAGE)
      .execute(),
  );
  for await (const rows of pages) {
    yield rows.map(({ id, vector }) => ({ chunkId: id, documentId, vector: fromBytes(vector) }));
  }
}

/** Ids of a base's passages, with those of them that have a vector in the space. */
export function searchedIds(
  db: Kysely<Database>,
  { baseId, spaceId }: { baseId: string; spaceId: string | null },
): AsyncGenerator<{ id: string; document_id: string; has_vector: string | null }[]> {
  return inPages((last) =>
    searched(db)
      .leftJoin('chunk_vectors as vector', (join) =>
        join.onRef('vector.chunk_id', '=', 'chunk.id').on('vector.space_id', '=', spaceId ?? ''),
      )
      .select(['chunk.id', 'chunk.document_id', 'vector.chunk_id as has_vector'])
      .where('chunk.base_id', '=', baseId)
      .where('chunk.id', '>', last?.id ?? '')
      .orderBy('chunk.id')
      .limit(ID_PAGE)
      .execute(),
  );
}

/** The vectors of these passages in a space. */
export async function vectorsOf(
  db: Kysely<Database>,
  spaceId: string,
  chunkIds: readonly string[],
): Promise<ChunkVector[]> {
  const rows = await db
    .selectFrom('chunk_vectors as vector')
    .innerJoin('chunks as chunk', 'chunk.id', 'vector.chunk_id')
    .select(['chunk.id', 'chunk.document_id', 'vector.vector'])
    .where('vector.space_id', '=', spaceId)
    .where('vector.chunk_id', 'in', chunkIds)
    .execute();
  return rows.map(({ id, document_id: documentId, vector }) => ({
    chunkId: id,
    documentId,
    vector: fromBytes(vector),
  }));
}
