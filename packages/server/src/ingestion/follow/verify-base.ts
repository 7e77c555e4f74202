import type { Kysely } from 'kysely';
import type { IndexReport } from '@parley/contracts';
import type { IndexedDocument } from '@parley/rag';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import { activeSpace } from '../rows/space-rows.ts';
import { requireSettings } from '../rows/document-rows.ts';
import { toVectorSpace, type BaseIndexes } from './base-indexes.ts';
import { searchedIds } from './searched-rows.ts';

/** Ids that are gathered in one turn of the event loop. */
const SLICE = 5_000;
/** Ids that a report names. */
const MOST_IDS = 100;

interface Comparison {
  documents: Set<string>;
  chunks: number;
  missing: string[];
  missingCount: number;
  /** Vectors that the rows have and the index has not. */
  vectorsMissing: number;
}

/** Compares the rows of a base with what its indexes hold. Throws what a vector store that is down throws. */
export async function verifyBase(db: Kysely<Database>, indexes: BaseIndexes, baseId: string): Promise<IndexReport> {
  await requireSettings(db, baseId);
  const active = await activeSpace(db, baseId);
  const space = active && toVectorSpace(active);
  const vectorIds = space ? await (await indexes.vectors(baseId)).chunkIds(space) : [];
  const { words } = await indexes.index();
  const surplus = await toChunkIds(await words.documents(baseId));
  const found = await compare(db, { baseId, spaceId: active?.id ?? null }, { surplus, vectors: new Set(vectorIds) });
  const { chunks, missing, missingCount, vectorsMissing } = found;
  const vectors = active ? { expected: chunks, found: vectorIds.length } : null;
  const vectorsAgree = vectors === null || (vectorsMissing === 0 && vectors.expected === vectors.found);
  return {
    documents: found.documents.size,
    chunks,
    missing,
    surplus: [...surplus].slice(0, MOST_IDS),
    vectors,
    agrees: missingCount === 0 && surplus.size === 0 && vectorsAgree,
  };
}

/** Of all documents. A large base has 100,000 and more: others have their turn in between. */
async function toChunkIds(documents: readonly IndexedDocument[]): Promise<Set<string>> {
  const ids = new Set<string>();
  await breathe();
  for (const { chunkIds } of documents) {
    const before = Math.floor(ids.size / SLICE);
    for (const id of chunkIds) ids.add(id);
    if (Math.floor(ids.size / SLICE) > before) await breathe();
  }
  return ids;
}

/** Takes from `surplus` what the rows have too. */
async function compare(
  db: Kysely<Database>,
  scope: { baseId: string; spaceId: string | null },
  { surplus, vectors }: { surplus: Set<string>; vectors: ReadonlySet<string> },
): Promise<Comparison> {
  const found: Comparison = { documents: new Set(), chunks: 0, missing: [], missingCount: 0, vectorsMissing: 0 };
  for await (const page of searchedIds(db, scope)) {
    for (const { id, document_id: documentId } of page) {
      found.documents.add(documentId);
      found.chunks += 1;
      if (scope.spaceId !== null && !vectors.has(id)) found.vectorsMissing += 1;
      if (surplus.delete(id)) continue;
      found.missingCount += 1;
      if (found.missing.length < MOST_IDS) found.missing.push(id);
    }
  }
  return found;
}
