import { shallowRef, watch } from 'vue';
import type { DocumentView, Source } from '@parley/contracts';
import { readDocumentText } from '../api/base-documents.ts';

/** A passage to show in its document, or (`index` null, `quote` empty) a document without one. */
export type PanelTarget = Omit<Source, 'index' | 'score'> & { index: number | null };

export type DocumentState =
  | { status: 'loading' }
  | { status: 'loaded'; document: DocumentView }
  | { status: 'failed'; error: unknown };

/** The source that the reader has opened, its document as it was cited, and what gets the focus back. */
export function useSourcePanel(read: typeof readDocumentText = readDocumentText) {
  const source = shallowRef<PanelTarget | null>(null);
  const document = shallowRef<DocumentState>({ status: 'loading' });
  let opener: HTMLElement | null = null;

  watch(source, async (current, before, onCleanup) => {
    if (current === null) return;
    const leaving = new AbortController();
    onCleanup(() => leaving.abort());
    if (isSameText(current, before) && document.value.status === 'loaded') return;
    document.value = { status: 'loading' };
    try {
      const loaded = await read(current.document_id, current.version_id, leaving.signal);
      document.value = { status: 'loaded', document: loaded };
    } catch (error) {
      if (!leaving.signal.aborted) document.value = { status: 'failed', error };
    }
  });

  function open(next: PanelTarget, from: HTMLElement | null): void {
    opener = from;
    source.value = next;
  }

  function openDocument(id: string): void {
    const from = globalThis.document.activeElement;
    const nothing = { version_id: null, base_id: null, page: null, hash: null, flags: [] };
    const nowhere = { ...nothing, title: '', heading_path: [], start: 0, end: 0, quote: '' };
    open({ ...nowhere, index: null, document_id: id }, from instanceof HTMLElement ? from : null);
  }

  function close(): void {
    source.value = null;
  }

  /** Puts the focus back where the panel was opened from. */
  function returnFocus(): void {
    if (opener?.isConnected) opener.focus();
    opener = null;
  }

  return { source, document, open, openDocument, close, returnFocus };
}

/** A version never changes: another passage of it needs no second reading. The newest text may. */
function isSameText(one: PanelTarget, other: PanelTarget | null | undefined): boolean {
  return one.version_id !== null && one.version_id === other?.version_id && one.document_id === other.document_id;
}
