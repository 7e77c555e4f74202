import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../database/schema.ts';
import { dropVersions } from './drop-version.ts';
import { noteChange, type DocumentRow } from './document-rows.ts';

type Write = (work: (trx: Transaction<Database>) => Promise<void>) => Promise<void>;

type Removed = Pick<DocumentRow, 'id' | 'base_id' | 'name'>;

/** Takes a document out of the search, and gives its name free: a file of the same name that comes meanwhile is another document. Once more does nothing. */
export async function hideDocument(trx: Transaction<Database>, { id, base_id: baseId, name }: Removed): Promise<void> {
  await trx
    .updateTable('documents')
    .set({ version_id: null, name: `${name} ${id}` })
    .where('id', '=', id)
    .execute();
  await noteChange(trx, { baseId, documentId: id });
}

/**
 * Removes a document: first from the search, then what it holds piece by piece, last its row. When a
 * crash comes between, an empty document is left that can be removed again.
 */
export async function removeDocumentRows(db: Kysely<Database>, document: Removed, write: Write): Promise<void> {
  const { id, base_id: baseId } = document;
  await write((trx) => hideDocument(trx, document));
  await dropVersions(db, id);
  await write(async (trx) => {
    await noteChange(trx, { baseId, documentId: id });
    await trx.deleteFrom('documents').where('id', '=', id).execute();
  });
}
