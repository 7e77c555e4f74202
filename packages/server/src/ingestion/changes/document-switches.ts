import { ParleyError } from '@parley/contracts';
import { noteChange } from '../rows/document-rows.ts';
import { changeDocument, type ChangeTools } from './change-tools.ts';

type Tools = Pick<ChangeTools, 'db' | 'announce' | 'poke' | 'now'>;

/** What is changed of documents and passages without work on their text. */
export class DocumentSwitches {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  setEnabled(documentId: string, isEnabled: boolean): Promise<void> {
    return this.#set(documentId, { is_enabled: Number(isEnabled) });
  }

  setTitle(documentId: string, title: string): Promise<void> {
    return this.#set(documentId, { title });
  }

  async setChunkEnabled(chunkId: string, isEnabled: boolean): Promise<void> {
    const { db, announce, poke } = this.#tools;
    const { baseId, documentId } = await db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable('chunks')
        .set({ is_enabled: Number(isEnabled) })
        .where('id', '=', chunkId)
        .returning(['base_id as baseId', 'document_id as documentId'])
        .executeTakeFirst();
      if (row === undefined) throw new ParleyError('chunk_not_found', 'There is no such passage.');
      await noteChange(trx, row);
      return row;
    });
    announce(baseId, documentId);
    poke();
  }

  async #set(documentId: string, columns: { is_enabled: number } | { title: string }): Promise<void> {
    const { now, poke } = this.#tools;
    await changeDocument(this.#tools, documentId, async (trx, { base_id: baseId }) => {
      await trx
        .updateTable('documents')
        .set({ ...columns, updated_at: now() })
        .where('id', '=', documentId)
        .execute();
      await noteChange(trx, { baseId, documentId });
    });
    poke();
  }
}
