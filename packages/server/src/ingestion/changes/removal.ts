import { dropVersions } from '../rows/drop-version.ts';
import { noteChange, requireDocument, requireSettings } from '../rows/document-rows.ts';
import { hideDocument, removeDocumentRows } from '../rows/remove-document.ts';
import { spacesOf } from '../rows/space-rows.ts';
import type { ChangeTools } from './change-tools.ts';

const PAGE = 50;

/** Removes documents and bases piece by piece: all at once, the rows of a large one would hold the event loop for seconds. */
export class Removal {
  readonly #tools: ChangeTools;

  constructor(tools: ChangeTools) {
    this.#tools = tools;
  }

  async removeDocument(documentId: string): Promise<void> {
    const { db, queue, announce, stop, poke } = this.#tools;
    const { document, leases } = await db.transaction().execute(async (trx) => {
      const found = await requireDocument(trx, documentId);
      // In one transaction: an upload of its name comes before, and is removed with it, or after, and stays.
      await hideDocument(trx, found);
      return { document: found, leases: await queue.cancelDocument(trx, documentId) };
    });
    await stop(leases);
    await removeDocumentRows(db, document, (work) => db.transaction().execute(work));
    announce(document.base_id, documentId);
    poke();
  }

  async removeBase(baseId: string): Promise<void> {
    const { db, queue, announce, stop, poke } = this.#tools;
    await requireSettings(db, baseId);
    await stop(await db.transaction().execute((trx) => queue.cancelBase(trx, baseId)));
    while (await this.#removeSomeDocuments(baseId));
    await db.transaction().execute(async (trx) => {
      // Told before their rows go: nobody knows of these spaces afterwards.
      for (const { id } of await spacesOf(trx, baseId)) await noteChange(trx, { baseId, spaceId: id });
      await noteChange(trx, { baseId });
      await trx.deleteFrom('knowledge_bases').where('id', '=', baseId).execute();
    });
    // Of no document: who follows the base looks again, and finds that it is gone.
    announce(baseId, baseId);
    poke();
  }

  /** False when there are none. */
  async #removeSomeDocuments(baseId: string): Promise<boolean> {
    const { db } = this.#tools;
    const ids = await db.transaction().execute(async (trx) => {
      const rows = await trx.selectFrom('documents').select('id').where('base_id', '=', baseId).limit(PAGE).execute();
      const found = rows.map(({ id }) => id);
      if (found.length === 0) return found;
      await trx.updateTable('documents').set({ version_id: null }).where('id', 'in', found).execute();
      await noteChange(trx, { baseId });
      return found;
    });
    for (const id of ids) await dropVersions(db, id);
    if (ids.length > 0) await db.deleteFrom('documents').where('id', 'in', ids).execute();
    return ids.length > 0;
  }
}
