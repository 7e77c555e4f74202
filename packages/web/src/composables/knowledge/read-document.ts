import type { ChunkView, DocumentChange, DocumentView } from '@parley/contracts';
import * as documentsApi from '../../api/base-documents.ts';
import { followPorts, resumingChanges } from './resuming-changes.ts';

/** Readings of text and passages until they are of one version. */
const MOST_TRIES = 5;

/** A new version may come between the readings of text and passages; its passages do not fit the older text. */
export async function readText(
  ...[id, version, signal]: [string, string | null, AbortSignal]
): Promise<[DocumentView, ChunkView[]]> {
  if (version !== null) return [await documentsApi.readDocumentText(id, version, signal), []];
  for (let tries = 1; ; tries += 1) {
    const [text, parts] = await Promise.all([
      documentsApi.readDocumentText(id, version, signal),
      documentsApi.listChunks(id, signal),
    ]);
    if (parts.version_id === text.version_id || tries === MOST_TRIES) return [text, parts.chunks];
  }
}

export interface DocumentPlace {
  baseId: string;
  id: string;
  signal: AbortSignal;
}

/** Tells every change of one document of a base, and how it stands whenever following begins. */
export async function followOne(
  { baseId, id, signal }: DocumentPlace,
  tell: (change: DocumentChange) => void,
): Promise<void> {
  for await (const event of resumingChanges(baseId, followPorts, signal)) {
    if (event.type === 'following') await tellRow({ baseId, id, signal }, tell);
    if (event.type !== 'changes') continue;
    for (const change of event.changes) if (change.id === id) tell(change);
  }
}

/** What changed while nobody followed is told by the row itself; one that cannot be read tells nothing. */
async function tellRow({ baseId, id, signal }: DocumentPlace, tell: (change: DocumentChange) => void): Promise<void> {
  const [row] = await Promise.allSettled([documentsApi.readBaseDocument(baseId, id, signal)]);
  if (row.status === 'fulfilled') tell(row.value);
}

/** What stands beside the text, as far as it can be read: the page is of use without. */
export async function readFacts({ baseId, id, signal }: DocumentPlace) {
  const [row, versions] = await Promise.allSettled([
    documentsApi.readBaseDocument(baseId, id, signal),
    documentsApi.listVersions(id, signal),
  ]);
  return {
    row: row.status === 'fulfilled' ? row.value : null,
    versions: versions.status === 'fulfilled' ? versions.value : null,
  };
}
