import { ParleyError, type BaseDocument, type DocumentChange } from '@parley/contracts';
import { onScopeDispose, shallowRef } from 'vue';
import { listBaseDocuments } from '../../api/base-documents.ts';
import { followDocuments } from '../../api/document-events.ts';
import { wait } from '../wait.ts';
import { DocumentRows } from './document-rows.ts';

export interface BaseDocumentPorts {
  list: typeof listBaseDocuments;
  follow: typeof followDocuments;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** A change is shown this late, with all that came meanwhile: thousands of files change at once. */
const COLLECT_MS = 200;
/** The rows are read once changes are followed, but not later than this. */
const LONGEST_START_MS = 1000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

const realPorts: BaseDocumentPorts = { list: listBaseDocuments, follow: followDocuments, wait };

/** The documents of a base, as they change on the server. */
export function useBaseDocuments(baseId: string, ports: BaseDocumentPorts = realPorts) {
  const documents = shallowRef<BaseDocument[]>([]);
  const status = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<unknown>(null);
  /** Whether changes come in; without it the table may be old. */
  const isLive = shallowRef(false);
  const rows = new DocumentRows();
  const leaving = new AbortController();
  const { signal } = leaving;
  let collected: DocumentChange[] = [];
  let reading = Promise.resolve();

  function fail(reason: unknown): void {
    error.value = reason;
    status.value = 'error';
  }

  async function read(): Promise<void> {
    rows.beginReading();
    try {
      for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
        const page = await ports.list(baseId, after, signal);
        rows.addPage(page.documents);
        after = page.next;
        documents.value = rows.list();
      }
      rows.endReading();
      documents.value = rows.list();
      status.value = 'ready';
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
  }
  const load = () => (reading = reading.then(read));

  function apply(changes: readonly DocumentChange[]): void {
    if (collected.length === 0) {
      void ports.wait(COLLECT_MS, signal).then(() => {
        rows.apply(collected);
        collected = [];
        documents.value = rows.list();
      });
    }
    collected.push(...changes);
  }

  async function followOnce(onFollowing: () => void): Promise<void> {
    try {
      for await (const changes of ports.follow(baseId, signal)) {
        if (!isLive.value) onFollowing();
        isLive.value = true;
        if (changes.length > 0) apply(changes);
      }
    } catch (thrown) {
      // Any other reason may pass: it is tried again.
      if (!signal.aborted && isForGood(thrown)) {
        fail(thrown);
        leaving.abort();
      }
    }
    isLive.value = false;
  }

  async function follow(): Promise<void> {
    let failures = 0;
    let isStarted = false;
    const begin = () => {
      failures = 0;
      isStarted = true;
      void load();
    };
    void ports.wait(LONGEST_START_MS, signal).then(() => (isStarted || signal.aborted ? undefined : load()));
    while (!signal.aborted) {
      await followOnce(begin);
      await ports.wait(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS), signal);
      failures += 1;
    }
  }

  void follow();
  onScopeDispose(() => leaving.abort());

  return { documents, status, error, isLive, apply, reload: load };
}

function isForGood(error: unknown): boolean {
  return error instanceof ParleyError && ['knowledge_base_not_found', 'not_signed_in'].includes(error.code);
}
