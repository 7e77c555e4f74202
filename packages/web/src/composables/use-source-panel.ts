import { shallowRef, watch } from 'vue';
import type { DocumentView, Source } from '@parley/contracts';
import { readDocument } from '../api/documents.ts';

export type DocumentState =
  | { status: 'loading' }
  | { status: 'loaded'; document: DocumentView }
  | { status: 'failed'; error: unknown };

/** The source that the reader has opened, its document, and what gets the focus back. */
export function useSourcePanel(read: typeof readDocument = readDocument) {
  const source = shallowRef<Source | null>(null);
  const document = shallowRef<DocumentState>({ status: 'loading' });
  let opener: HTMLElement | null = null;

  watch(source, async (current, _before, onCleanup) => {
    if (current === null) return;
    const leaving = new AbortController();
    onCleanup(() => leaving.abort());
    document.value = { status: 'loading' };
    try {
      const loaded = await read(current.document_id, leaving.signal);
      document.value = { status: 'loaded', document: loaded };
    } catch (error) {
      if (!leaving.signal.aborted) document.value = { status: 'failed', error };
    }
  });

  function open(next: Source, from: HTMLElement | null): void {
    opener = from;
    source.value = next;
  }

  function close(): void {
    source.value = null;
  }

  /** Puts the focus back where the panel was opened from. */
  function returnFocus(): void {
    if (opener?.isConnected) opener.focus();
    opener = null;
  }

  return { source, document, open, close, returnFocus };
}
