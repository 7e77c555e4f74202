import type { BaseDocument, ChunkView, DocumentChange, DocumentVersion, DocumentView } from '@parley/contracts';
import { computed, onScopeDispose, shallowRef } from 'vue';
import * as documentsApi from '../../api/base-documents.ts';
import { isWorking } from './document-groups.ts';
import { followPorts, resumingChanges } from './resuming-changes.ts';
import { toSegments } from './to-segments.ts';

/** A document's text with its passages, as it stands now or as it was in an older version. */
export function useDocumentPage(baseId: string, id: string) {
  const status = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<unknown>(null);
  const view = shallowRef<DocumentView | null>(null);
  const chunks = shallowRef<ChunkView[]>([]);
  const versions = shallowRef<DocumentVersion[]>([]);
  /** Where it stands in its base; null when that could not be read. */
  const row = shallowRef<BaseDocument | null>(null);
  /** An older version that is looked at; null: the newest. */
  const shownVersion = shallowRef<string | null>(null);
  const isGone = shallowRef(false);
  const leaving = new AbortController();
  const { signal } = leaving;
  let turn = 0;
  let isHeld = false;
  let isOld = false;

  async function load(version: string | null = shownVersion.value): Promise<void> {
    turn += 1;
    const mine = turn;
    isOld = false;
    try {
      const [text, parts] = await readText(id, version, signal);
      if (mine !== turn) return;
      [view.value, chunks.value, shownVersion.value, status.value] = [text, parts, version, 'ready'];
      const facts = await readFacts({ baseId, id, signal });
      [row.value, versions.value] = [facts.row ?? row.value, facts.versions ?? versions.value];
    } catch (thrown) {
      if (signal.aborted || mine !== turn) return;
      [error.value, status.value] = [thrown, 'error'];
    }
  }

  function onChange(next: BaseDocument): void {
    const before = row.value;
    row.value = next;
    const hasEnded = before !== null && isWorking(before) && !isWorking(next);
    if (!hasEnded && before?.version_id === next.version_id) return;
    isOld = true;
    if (!isHeld) void load();
  }

  /** While a passage is edited the text stays as it is; what changed meanwhile is read afterwards. */
  function hold(isEditing: boolean): void {
    isHeld = isEditing;
    if (!isHeld && isOld) void load();
  }

  const segments = computed(() => (view.value ? toSegments(view.value, chunks.value) : []));

  void load(null);
  // A base that may not be followed may not be read either; that is said in the place of the text.
  followOne({ baseId, id, signal }, (change) => {
    if ('removed' in change) isGone.value = true;
    else onChange(change);
  }).catch(() => undefined);
  onScopeDispose(() => leaving.abort());

  return { status, error, view, row, chunks, versions, shownVersion, segments, isGone, load, hold };
}

function readText(
  ...[id, version, signal]: [string, string | null, AbortSignal]
): Promise<[DocumentView, ChunkView[]]> {
  const parts = version === null ? documentsApi.listChunks(id, signal) : Promise.resolve([]);
  return Promise.all([documentsApi.readDocumentText(id, version, signal), parts]);
}

interface DocumentPlace {
  baseId: string;
  id: string;
  signal: AbortSignal;
}

async function followOne({ baseId, id, signal }: DocumentPlace, tell: (change: DocumentChange) => void): Promise<void> {
  for await (const event of resumingChanges(baseId, followPorts, signal)) {
    if (event.type !== 'changes') continue;
    for (const change of event.changes) if (change.id === id) tell(change);
  }
}

/** What stands beside the text, as far as it can be read: the page is of use without. */
async function readFacts({ baseId, id, signal }: DocumentPlace) {
  const [row, versions] = await Promise.allSettled([
    documentsApi.readBaseDocument(baseId, id, signal),
    documentsApi.listVersions(id, signal),
  ]);
  return {
    row: row.status === 'fulfilled' ? row.value : null,
    versions: versions.status === 'fulfilled' ? versions.value : null,
  };
}
