import type { Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { Database } from '../../database/schema.ts';
import { jobPayloadSchema } from '../jobs/job-payload.ts';
import { addSplit } from '../rows/add-split.ts';
import { requireSettings, setProgress, type DocumentRow } from '../rows/document-rows.ts';
import { changeDocument, type ChangeTools } from './change-tools.ts';

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
      await addSplit(trx, document, { payload: { edit }, ...this.#tools });
    });
    wake();
  }

  /** One that waits already will cut by the new settings. */
  async splitAnew(baseId: string, trx: Transaction<Database>): Promise<void> {
    const { queue, wake } = this.#tools;
    await requireSettings(trx, baseId);
    const waiting = await trx
      .selectFrom('jobs')
      .select('id')
      .where('base_id', '=', baseId)
      .where('kind', '=', 'split')
      .where('document_id', 'is', null)
      .where('state', '=', 'queued')
      .executeTakeFirst();
    if (waiting === undefined) await queue.add(trx, { kind: 'split', baseId, documentId: null, payload: {} });
    wake();
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
