import { Readable } from 'node:stream';
import { ParleyError, type SplitSettings } from '@parley/contracts';
import type { ReadInput } from '@parley/rag';
import { pageSourceSchema } from '../jobs/job-payload.ts';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { orAborted } from '../or-aborted.ts';
import { dropUnpublished } from '../rows/drop-version.ts';
import { requireDocument, requireSettings, setProgress, type DocumentRow } from '../rows/document-rows.ts';
import { removeDocumentRows } from '../rows/remove-document.ts';
import { finishVersion } from './finish-version.ts';
import { toStoredPage } from './page-bytes.ts';
import { readInto } from './read-into.ts';
import { takeEntry } from './take-entry.ts';
import type { WorkParts } from './work-parts.ts';

interface Input {
  hash: string;
  size: number;
  mediaType: string;
  select: string[];
}

/** From the bytes of a file or the address of a page to a document that is searched. */
export async function ingestDocument(ticket: JobTicket, parts: WorkParts): Promise<void> {
  const document = await requireDocument(parts.db, requireId(ticket));
  await dropUnpublished(parts.db, document.id);
  const input = await findInput(ticket, document, parts);
  if (!ticket.job.payload.isForced && (await isMadeOf(parts, document, input.hash)))
    return keep(ticket, document, parts);
  await ticket.progress('parsing', 5);
  const reading = { ticket, parts, documentId: document.id, fileHash: input.hash };
  let entries = 0;
  const { split } = await requireSettings(parts.db, document.base_id);
  const staged = await readInto(toReadInput(document, { ...input, split }, parts), reading, {
    onEntry: async (entry) => {
      entries += 1;
      await takeEntry(entry, { ticket, archive: document, parts });
    },
  });
  if (entries > 0) return removeArchive(ticket, document, parts);
  if (staged === null) throw new ParleyError('document_empty', 'There is nothing in this archive that could be read.');
  const file = { mediaType: staged.mediaType, size: input.size };
  await finishVersion(
    { ticket, documentId: document.id, stagedId: staged.versionId, replaces: 'version', split, file },
    parts,
  );
}

function requireId({ job }: JobTicket): string {
  if (job.documentId === null) throw new Error('A job without a document was to be read.');
  return job.documentId;
}

async function findInput(ticket: JobTicket, document: DocumentRow, parts: WorkParts): Promise<Input> {
  const { hash, size, mediaType } = ticket.job.payload;
  const { url, select } = sourceOf(document);
  if (hash) return { hash, size: size ?? 0, mediaType: mediaType ?? document.media_type, select };
  if (url === null) throw new ParleyError('document_unreadable', 'The file is not there any more; upload it again.');
  await ticket.progress('fetching', 0);
  const page = await orAborted(parts.fetchPage(url, ticket.signal), ticket.signal);
  const file = await parts.files.store(Readable.from([toStoredPage(page.body, page.charset)]));
  return { ...file, mediaType: page.mediaType, select };
}

function sourceOf(document: DocumentRow): { url: string | null; select: string[] } {
  if (document.source === null) return { url: null, select: [] };
  return pageSourceSchema.parse(JSON.parse(document.source));
}

function toReadInput(
  document: DocumentRow,
  { hash, mediaType, select, split }: Input & { split: SplitSettings },
  parts: WorkParts,
): ReadInput {
  const path = parts.files.pathOf(hash);
  if (path === null) throw new ParleyError('document_unreadable', 'The file is not there any more; upload it again.');
  return { kind: 'file', path, name: document.name, mediaType, select, split };
}

async function isMadeOf({ db }: WorkParts, { version_id: versionId }: DocumentRow, hash: string): Promise<boolean> {
  if (versionId === null) return false;
  const version = await db
    .selectFrom('document_versions')
    .select('file_hash')
    .where('id', '=', versionId)
    .executeTakeFirst();
  return version?.file_hash === hash;
}

async function keep(ticket: JobTicket, document: DocumentRow, parts: WorkParts): Promise<void> {
  await ticket.write(async (trx) => {
    await setProgress(trx, document.id, { state: 'ready', percent: 100, time: parts.now() });
    await ticket.finish(trx);
  });
  ticket.announce();
}

// Its files are documents of their own now; what it was before, should it have been one, goes with it.
async function removeArchive(ticket: JobTicket, document: DocumentRow, { db, follower }: WorkParts): Promise<void> {
  await removeDocumentRows(db, document, (work) => ticket.write(work));
  ticket.announce();
  follower.poke();
}
