import type { Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import { breathe } from '../breathe.ts';
import { jobPayloadSchema, type JobPayload } from '../jobs/job-payload.ts';
import { requireSettings, setProgress, type DocumentRow } from '../rows/document-rows.ts';
import { changeDocument, type ChangeTools } from './change-tools.ts';

const PAGE = 100;

/** A change of a text that a person made. */
export interface TextEdit {
  versionId: string;
  start: number;
  end: number;
  text: string;
}

/** Begins, ends and repeats the work on documents that are there. */
export class DocumentWork {
  readonly #tools: ChangeTools;

  constructor(tools: ChangeTools) {
    this.#tools = tools;
  }

  async cancel(documentId: string): Promise<void> {
    const { queue, now, stop } = this.#tools;
    const leases = await changeDocument(this.#tools, documentId, async (trx) => {
      const open = await queue.openJobs(trx, documentId);
      if (open.length > 0) await setProgress(trx, documentId, { state: 'cancelled', time: now() });
      return queue.cancelDocument(trx, documentId);
    });
    await stop(leases);
  }

  /** Takes up what did not come to a good end, or begins from the file or page. */
  async retry(documentId: string): Promise<void> {
    const { queue, now, wake } = this.#tools;
    await changeDocument(this.#tools, documentId, async (trx, document) => {
      const open = await queue.openJobs(trx, documentId);
      if (open.some(({ state }) => state === 'running')) return;
      const job = await trx
        .selectFrom('jobs')
        .selectAll()
        .where('document_id', '=', documentId)
        .where('state', '!=', 'done')
        .executeTakeFirst();
      if (job === undefined) await this.#beginAgain(trx, document);
      else {
        const payload = { ...jobPayloadSchema.parse(JSON.parse(job.payload)), failures: 0 };
        await queue.requeue(trx, job.id, { runAt: now(), attempts: 0, payload, error: null });
      }
      await setProgress(trx, documentId, { state: 'queued', percent: 0, time: now() });
    });
    wake();
  }

  async edit(documentId: string, edit: TextEdit): Promise<void> {
    const { queue, wake } = this.#tools;
    await changeDocument(this.#tools, documentId, async (trx, document) => {
      const open = await queue.openJobs(trx, documentId);
      if (open.some(({ kind }) => kind !== 'crawl')) throw busy();
      if (document.version_id !== edit.versionId) throw changed();
      const version = await trx
        .selectFrom('document_versions')
        .select('length')
        .where('id', '=', edit.versionId)
        .executeTakeFirst();
      checkPlace(edit, version?.length ?? 0);
      await this.#addSplit(trx, document, { edit });
    });
    wake();
  }

  async splitAnew(baseId: string): Promise<void> {
    const { db, announce, wake } = this.#tools;
    await requireSettings(db, baseId);
    let after = '';
    while (true) {
      const ids = await this.#splitPage(baseId, after);
      const last = ids.at(-1);
      if (last === undefined) return;
      for (const id of ids) announce(baseId, id);
      wake();
      after = last;
      await breathe();
    }
  }

  async #splitPage(baseId: string, after: string): Promise<string[]> {
    return this.#tools.db.transaction().execute(async (trx) => {
      const documents = await trx
        .selectFrom('documents')
        .selectAll()
        .where('base_id', '=', baseId)
        .where('version_id', 'is not', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .execute();
      for (const document of documents) await this.#splitAgain(trx, document);
      return documents.map(({ id }) => id);
    });
  }

  // What waits will cut by the new settings anyway; what runs may have read the old ones.
  async #splitAgain(trx: Transaction<Database>, document: DocumentRow): Promise<void> {
    const open = await this.#tools.queue.openJobs(trx, document.id);
    const waits = open.some(({ kind, state }) => state === 'queued' && kind !== 'crawl');
    if (!waits) await this.#addSplit(trx, document, {});
  }

  async #addSplit(trx: Transaction<Database>, document: DocumentRow, payload: JobPayload): Promise<void> {
    const { queue, now } = this.#tools;
    await queue.add(trx, { kind: 'split', baseId: document.base_id, documentId: document.id, payload });
    await setProgress(trx, document.id, { state: 'queued', percent: 0, time: now() });
  }

  async #beginAgain(trx: Transaction<Database>, document: DocumentRow): Promise<void> {
    const { queue } = this.#tools;
    const job = { kind: 'ingest' as const, baseId: document.base_id, documentId: document.id };
    if (document.kind === 'page') return queue.add(trx, { ...job, payload: {} });
    const version = await trx
      .selectFrom('document_versions')
      .select('file_hash')
      .where('document_id', '=', document.id)
      .where('file_hash', 'is not', null)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!version?.file_hash)
      throw new ParleyError('document_unreadable', 'The file is not there any more; upload it again.');
    const { size, media_type: mediaType } = document;
    return queue.add(trx, { ...job, payload: { hash: version.file_hash, size, mediaType, isForced: true } });
  }
}

function checkPlace({ start, end }: TextEdit, length: number): void {
  if (start <= end && end <= length) return;
  throw new ParleyError('invalid_request', 'This place is outside of the text.', { param: 'end' });
}

function busy(): ParleyError {
  return new ParleyError('document_busy', 'The document is being worked on; try again when it is ready.');
}

function changed(): ParleyError {
  return new ParleyError('document_changed', 'The document was changed meanwhile; look at its newest text first.');
}
