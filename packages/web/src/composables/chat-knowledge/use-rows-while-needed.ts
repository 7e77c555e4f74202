import type { BaseDocument, DocumentChange } from '@parley/contracts';
import { effectScope, onScopeDispose, shallowRef, watch, type EffectScope } from 'vue';
import { isUnderWay, useUploads } from '../../stores/uploads.ts';
import { isWorking } from '../knowledge/document-groups.ts';
import { useBaseDocuments, type BaseDocumentPorts } from '../knowledge/use-base-documents.ts';

/**
 * The documents of a base, followed only while something happens to them: each connection that
 * stays open is one less of the six that a browser has for all tabs of a server.
 */
export function useRowsWhileNeeded(ports?: BaseDocumentPorts) {
  const uploads = useUploads();
  const { documents, show, change, forget } = useKnownDocuments();
  const live = shallowRef<ReturnType<typeof useBaseDocuments> | null>(null);
  let followed: string | null = null;
  let scope: EffectScope | null = null;

  function follow(id: string): void {
    if (id === followed && live.value !== null) return;
    if (id !== followed) forget();
    stop();
    followed = id;
    scope = effectScope(true);
    scope.run(() => {
      const rows = useBaseDocuments(id, ports);
      live.value = rows;
      watch(rows.documents, show);
      watch(
        () => rows.status.value !== 'loading' && !documents.value.some(isWorking) && !isSendingTo(id),
        (isIdle) => isIdle && stop(),
      );
    });
  }

  const isSendingTo = (id: string) => uploads.items.some((item) => item.baseId === id && isUnderWay(item));

  function stop(): void {
    scope?.stop();
    scope = null;
    live.value = null;
  }

  function leave(): void {
    stop();
    followed = null;
    forget();
  }

  /** What is known before the server's event, or without one. */
  function apply(changes: readonly DocumentChange[]): void {
    live.value?.apply(changes);
    change(changes);
    if (followed !== null && documents.value.some(isWorking)) follow(followed);
  }

  onScopeDispose(stop);
  return { documents, apply, follow, leave };
}

/** The rows as they were read last, and what is known beside them: they may have been read before it was stored. */
function useKnownDocuments() {
  const documents = shallowRef<BaseDocument[]>([]);
  const early = new Map<string, BaseDocument>();

  function show(rows: readonly BaseDocument[]): void {
    for (const { id } of rows) early.delete(id);
    documents.value = [...early.values(), ...rows];
  }

  function change(changes: readonly DocumentChange[]): void {
    const ids = new Set(changes.map(({ id }) => id));
    const added = changes.flatMap((one) => ('removed' in one ? [] : [one]));
    for (const id of ids) early.delete(id);
    for (const document of added) early.set(document.id, document);
    documents.value = [...added, ...documents.value.filter(({ id }) => !ids.has(id))];
  }

  function forget(): void {
    early.clear();
    documents.value = [];
  }

  return { documents, show, change, forget };
}
