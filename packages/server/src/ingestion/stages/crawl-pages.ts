import { Readable } from 'node:stream';
import { ParleyError } from '@parley/contracts';
import type { FetchedPage } from '@parley/rag/crawling';
import { untilAborted } from '@parley/service-kit';
import { pageSourceSchema, type PageSource } from '../jobs/job-payload.ts';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { requireDocument, setProgress, type DocumentRow } from '../rows/document-rows.ts';
import { putDocument, putFailedPage } from '../rows/put-document.ts';
import { toStoredPage } from './page-bytes.ts';
import type { WorkParts } from './work-parts.ts';

interface Crawl {
  ticket: JobTicket;
  start: DocumentRow;
  source: PageSource;
  parts: WorkParts;
}

/**
 * Finds the pages of a site and makes a document of each, which its own job reads. Begun again after
 * a crash it finds the same pages, of which the unchanged are left alone.
 */
export async function crawlPages(ticket: JobTicket, parts: WorkParts): Promise<void> {
  const start = await requireDocument(parts.db, ticket.job.documentId ?? '');
  const { crawl } = ticket.job.payload;
  if (!crawl || start.source === null) throw new Error('A crawl without an address or bounds.');
  const source = pageSourceSchema.parse(JSON.parse(start.source));
  await ticket.progress('fetching', 0);
  const { fetchPage } = parts;
  const pages = parts.crawlSite({ url: source.url, ...crawl, fetchPage, signal: ticket.signal });
  let found = 0;
  const errors: ParleyError[] = [];
  for await (const page of untilAborted(pages, ticket.signal)) {
    if ('error' in page) {
      errors.push(page.error);
      if (errors.length <= crawl.limit) await noteFailure(page.url, page.error, { ticket, start, source, parts });
    } else {
      found += 1;
      await takePage(page, { ticket, start, source, parts });
    }
  }
  if (found === 0) throw errors[0] ?? new ParleyError('document_empty', 'No page was found at this address.');
  await finish(ticket, start, parts.now);
}

async function takePage(
  { url, body, mediaType, charset }: FetchedPage,
  { ticket, start, source, parts }: Crawl,
): Promise<void> {
  const file = await parts.files.store(Readable.from([toStoredPage(body, charset)]));
  const put = await ticket.write((trx) =>
    putDocument(
      trx,
      {
        baseId: start.base_id,
        kind: 'page',
        name: url,
        mediaType,
        size: file.size,
        job: 'ingest',
        source: toSource(url, source),
        payload: {
          ...file,
          mediaType,
        },
      },
      parts,
    ),
  );
  parts.stop(put.leases);
  if (put.isChanged) ticket.announce(put.id);
  parts.wake();
}

// Told on the page of documents like every other failure, so that a site is not thought to be whole.
async function noteFailure(url: string, error: ParleyError, { ticket, start, source, parts }: Crawl): Promise<void> {
  const page = { baseId: start.base_id, name: url, source: toSource(url, source), error };
  const id = await ticket.write((trx) => putFailedPage(trx, page, parts));
  if (id !== null) ticket.announce(id);
}

function toSource(url: string, { select }: PageSource): string {
  return JSON.stringify({ url, select } satisfies PageSource);
}

// A sitemap, or an address that led elsewhere, was never a page: its document only stood for the crawl.
async function finish(ticket: JobTicket, start: DocumentRow, now: () => number): Promise<void> {
  await ticket.write(async (trx) => {
    const document = await requireDocument(trx, start.id);
    const job = await trx
      .selectFrom('jobs')
      .select('id')
      .where('document_id', '=', start.id)
      .where('kind', '=', 'ingest')
      .executeTakeFirst();
    if (document.version_id === null && job === undefined) {
      await trx.deleteFrom('documents').where('id', '=', start.id).execute();
      return;
    }
    if (document.state === 'fetching') await setProgress(trx, start.id, { state: 'ready', percent: 100, time: now() });
    await ticket.finish(trx);
  });
  ticket.announce();
}
