import type { BaseDocument, DocumentChange } from '@parley/contracts';
import { onScopeDispose, shallowRef } from 'vue';
import { listBaseDocuments } from '../../api/base-documents.ts';
import { DocumentRows } from './document-rows.ts';
import { followPorts, resumingChanges, type FollowChangesPorts } from './resuming-changes.ts';

export interface BaseDocumentPorts extends FollowChangesPorts {
  list: typeof listBaseDocuments;
}

/** A change is shown this late, with all that came meanwhile: thousands of files change at once. */
const COLLECT_MS = 200;
/** The rows are read once changes are followed, but not later than this. */
const LONGEST_START_MS = 1000;

const realPorts: BaseDocumentPorts = { ...followPorts, list: listBaseDocuments };

/** The documents of a base, newest first, as they change on the server. */
export function useBaseDocuments(baseId: string, ports: BaseDocumentPorts = realPorts) {
  const documents = shallowRef<BaseDocument[]>([]);
  const status = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<unknown>(null);
  /** Whether changes come in; without it the table may be old. */
  const isLive = shallowRef(false);
  const rows = new DocumentRows();
  const leaving = new AbortController();
  const { signal } = leaving;
  const show = () => (documents.value = rows.list());
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    try {
      for await (const _page of readPages(rows, (after) => ports.list(baseId, after, signal))) show();
      status.value = 'ready';
    } catch (thrown) {
      fail(thrown);
    }
  }
  const load = () => (reading = (reading ?? Promise.resolve()).then(read));

  function fail(reason: unknown): void {
    if (signal.aborted) return;
    error.value = reason;
    status.value = 'error';
  }

  const apply = collectChanges(
    () => ports.wait(COLLECT_MS, signal),
    (changes) => {
      rows.apply(changes);
      show();
    },
  );

  async function follow(): Promise<void> {
    for await (const event of resumingChanges(baseId, ports, signal)) {
      isLive.value = event.type !== 'lost';
      if (event.type === 'following') void load();
      if (event.type === 'changes') apply(event.changes);
    }
  }

  follow().catch(fail);
  void ports.wait(LONGEST_START_MS, signal).then(() => reading ?? load());
  onScopeDispose(() => leaving.abort());

  return { documents, status, error, isLive, apply, reload: load };
}

/** Reads all rows, page by page; what is gone is taken out with the last one. */
async function* readPages(
  rows: DocumentRows,
  list: (after: string | null) => ReturnType<typeof listBaseDocuments>,
): AsyncGenerator<void> {
  rows.beginReading();
  let page = await list(null);
  for (; page.next !== null; page = await list(page.next)) {
    rows.addPage(page.documents);
    yield;
  }
  rows.addPage(page.documents);
  rows.endReading();
  yield;
}

/** Hands changes on together that come shortly after each other. */
function collectChanges(pause: () => Promise<void>, handOn: (changes: readonly DocumentChange[]) => void) {
  let collected: DocumentChange[] = [];
  async function handOnLater(): Promise<void> {
    await pause();
    const changes = collected;
    collected = [];
    handOn(changes);
  }
  return (changes: readonly DocumentChange[]): void => {
    if (collected.length === 0) void handOnLater();
    collected.push(...changes);
  };
}
