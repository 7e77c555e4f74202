import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { dropVersions } from './drop-version.ts';
import { noteChange, type DocumentRow } from './document-rows.ts';

type Write = (work: (trx: Transaction<Database>) => Promise<void>) => Promise<void>;

/**
 * Removes a document: first from the search, then what it holds piece by piece, last its row. When a
 * crash comes between, an empty document is left that can be removed again.
 */
export async function removeDocumentRows(
  db: Kysely<Database>,
  { id, base_id: baseId }: Pick<DocumentRow, 'id' | 'base_id'>,
  write: Write,
): Promise<void> {
  await write(async (trx) => {
    await trx.updateTable('documents').set({ version_id: null }).where('id', '=', id).execute();
    await noteChange(trx, { baseId, documentId: id });
  });
  await dropVersions(db, id);
  await write(async (trx) => {
    await noteChange(trx, { baseId, documentId: id });
    await trx.deleteFrom('documents').where('id', '=', id).execute();
  });
}
