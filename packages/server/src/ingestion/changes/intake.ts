import { ParleyError, type AddPagesRequest } from '@parley/contracts';
import type { StoredFile } from '../ingestion.ts';
import type { JobPayload, PageSource } from '../jobs/job-payload.ts';
import { putDocument, type IncomingDocument } from '../rows/put-document.ts';
import type { ChangeTools } from './change-tools.ts';

/** Takes in files and addresses of pages. */
export class Intake {
  readonly #tools: ChangeTools;

  constructor(tools: ChangeTools) {
    this.#tools = tools;
  }

  /** Answers the document's id. */
  addFile(baseId: string, file: StoredFile & { name: string; mediaType: string }): Promise<string> {
    const { name, mediaType, hash, size } = file;
    const payload = { hash, size, mediaType };
    return this.#put({ baseId, kind: 'file', name, mediaType, source: null, size, payload, job: 'ingest' });
  }

  /** Answers the ids of the documents that are known at once. */
  async addPages(baseId: string, { url, select, ...request }: AddPagesRequest): Promise<string[]> {
    const address = URL.parse(url);
    if (address === null) throw new ParleyError('url_refused', 'This is no address of a web page.', { param: 'url' });
    address.hash = '';
    const source = JSON.stringify({ url: address.href, select } satisfies PageSource);
    const page = { baseId, kind: 'page' as const, name: address.href, mediaType: 'text/html', source, size: null };
    return [await this.#put({ ...page, ...toWork(request) })];
  }

  async #put(incoming: IncomingDocument): Promise<string> {
    const { db, announce, wake, stop } = this.#tools;
    const put = await db.transaction().execute((trx) => putDocument(trx, incoming, this.#tools));
    if (!put.isChanged) return put.id;
    announce(incoming.baseId, put.id);
    // Not waited for: the new job begins with what the old one leaves.
    void stop(put.leases);
    wake();
    return put.id;
  }
}

function toWork({ extent, depth, limit }: Omit<AddPagesRequest, 'url' | 'select'>): {
  job: 'ingest' | 'crawl';
  payload: JobPayload;
} {
  if (extent === 'page') return { job: 'ingest', payload: {} };
  return { job: 'crawl', payload: { crawl: { extent, depth, limit } } };
}
