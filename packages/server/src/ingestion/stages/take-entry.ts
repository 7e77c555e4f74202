import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { ReaderEvent } from '@parley/rag';
import type { JobTicket } from '../jobs/job-ticket.ts';
import type { DocumentRow } from '../rows/document-rows.ts';
import { putDocument } from '../rows/put-document.ts';
import type { WorkParts } from './work-parts.ts';

/** Of a name that archives and folders made long, the end says more than the beginning. */
const MOST_NAME = 500;

export interface EntryPlace {
  ticket: JobTicket;
  archive: DocumentRow;
  parts: WorkParts;
}

/** Makes a file of an archive a document of its own. Once more does nothing. */
export async function takeEntry(
  { name, path }: Extract<ReaderEvent, { type: 'entry' }>,
  { ticket, archive, parts }: EntryPlace,
): Promise<void> {
  try {
    const file = await parts.files.store(createReadStream(path));
    const put = await ticket.write((trx) =>
      putDocument(
        trx,
        {
          baseId: archive.base_id,
          kind: 'file',
          name: `${archive.name}/${name}`.slice(-MOST_NAME),
          job: 'ingest',
          mediaType: 'application/octet-stream',
          source: null,
          size: file.size,
          payload: {
            hash: file.hash,
            size: file.size,
          },
        },
        parts,
      ),
    );
    parts.stop(put.leases);
    if (put.isChanged) ticket.announce(put.id);
    parts.wake();
  } finally {
    await rm(path, { force: true });
  }
}
