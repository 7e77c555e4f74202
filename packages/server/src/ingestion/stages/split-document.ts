import { ParleyError } from '@parley/contracts';
import type { ReadInput } from '@parley/rag';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { readVersion, type StoredText } from '../rows/read-version.ts';
import { dropUnpublished } from '../rows/drop-version.ts';
import { requireDocument, requireSettings } from '../rows/document-rows.ts';
import { applyEdit } from './apply-edit.ts';
import { finishVersion } from './finish-version.ts';
import { readInto } from './read-into.ts';
import { splitBase } from './split-base.ts';
import type { WorkParts } from './work-parts.ts';

/** What a text cannot tell by itself, and therefore is taken over from the version before. */
const KEPT_FLAGS: ReadonlySet<string> = new Set(['hidden-text', 'no-text-layer', 'cut-off']);

/** Cuts what a job of the kind `split` means: one document, or all of its base. */
export async function splitAnew(ticket: JobTicket, parts: WorkParts): Promise<void> {
  if (ticket.job.documentId === null) await splitBase(ticket, parts);
  else await splitStoredText(ticket, parts);
}

/** Cuts a stored text anew: as it is, into new passages of the same version, or with a change, into a new version. */
async function splitStoredText(ticket: JobTicket, parts: WorkParts): Promise<void> {
  const { documentId, payload } = ticket.job;
  const document = await requireDocument(parts.db, documentId ?? '');
  await dropUnpublished(parts.db, document.id);
  const stored = document.version_id === null ? null : await readVersion(parts.db, document.version_id);
  if (stored === null)
    throw new ParleyError('document_unreadable', 'There is no text to cut; try the document again from its file.');
  const { edit } = payload;
  if (edit && edit.versionId !== document.version_id)
    throw new ParleyError('document_changed', 'The document was changed meanwhile.');
  await ticket.progress('splitting', 40);
  const { split } = await requireSettings(parts.db, document.base_id);
  const text = edit ? applyEdit(stored, edit) : stored;
  const staged = await readInto(
    toReadInput(text, split),
    { ticket, parts, documentId: document.id, fileHash: null },
    {
      adjustHead: (head) => ({
        ...head,
        language: stored.language,
        flags: [...new Set([...head.flags, ...stored.flags.filter((flag) => KEPT_FLAGS.has(flag))])],
      }),
      isTextKept: !edit,
    },
  );
  if (staged === null) throw new Error('A stored text was read as an archive.');
  await finishVersion(
    {
      ticket,
      documentId: document.id,
      stagedId: staged.versionId,
      replaces: edit ? 'version' : 'passages',
      split,
    },
    parts,
  );
}

function toReadInput({ title, text, pages, hiddenSpans }: StoredText, split: ReadInput['split']): ReadInput {
  return { kind: 'text', title, text, pages, flaggedSpans: hiddenSpans, split };
}
