import type { BaseDocument, ChunkView, DocumentVersion, DocumentView } from '@parley/contracts';
import { computed, onScopeDispose, shallowRef } from 'vue';
import * as documentsApi from '../../api/base-documents.ts';
import { followDocuments } from '../../api/document-events.ts';
import { wait } from '../wait.ts';
import { isWorking } from './document-groups.ts';
import { toSegments } from './to-segments.ts';

const RECONNECT_MS = 3000;

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

  async function load(version: string | null = shownVersion.value): Promise<void> {
    turn += 1;
    const mine = turn;
    try {
      const [text, parts] = await Promise.all([
        documentsApi.readDocumentText(id, version, signal),
        version === null ? documentsApi.listChunks(id, signal) : [],
      ]);
      if (mine !== turn) return;
      [view.value, chunks.value, shownVersion.value, status.value] = [text, parts, version, 'ready'];
      await loadFacts();
    } catch (thrown) {
      if (signal.aborted || mine !== turn) return;
      [error.value, status.value] = [thrown, 'error'];
    }
  }

  /** What stands beside the text; the page is of use without. */
  async function loadFacts(): Promise<void> {
    await Promise.all([
      documentsApi.readBaseDocument(baseId, id, signal).then(
        (found) => (row.value = found),
        () => undefined,
      ),
      documentsApi.listVersions(id, signal).then(
        (found) => (versions.value = found),
        () => undefined,
      ),
    ]);
  }

  function onChange(next: BaseDocument): void {
    const before = row.value;
    row.value = next;
    const hasEnded = before !== null && isWorking(before) && !isWorking(next);
    if (hasEnded || before?.version_id !== next.version_id) void load();
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const changes of followDocuments(baseId, signal)) {
          for (const change of changes.filter((one) => one.id === id)) {
            if ('removed' in change) isGone.value = true;
            else onChange(change);
          }
        }
      } catch {
        // The text is there; only what others change meanwhile is not seen until the next try.
      }
      await wait(RECONNECT_MS, signal);
    }
  }

  const segments = computed(() => (view.value ? toSegments(view.value, chunks.value) : []));
  const isWorkedOn = computed(() => row.value !== null && isWorking(row.value));

  function setChunk(chunk: ChunkView): void {
    chunks.value = chunks.value.map((one) => (one.id === chunk.id ? chunk : one));
  }

  void load(null);
  void follow();
  onScopeDispose(() => leaving.abort());

  const state = { status, error, view, row, versions, shownVersion, segments, isWorkedOn, isGone };
  return { ...state, load, setChunk };
}
