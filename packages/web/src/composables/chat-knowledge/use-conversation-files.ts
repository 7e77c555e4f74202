import type { BaseDocument, DocumentChange } from '@parley/contracts';
import { computed, effectScope, onScopeDispose, shallowRef, watch, type EffectScope, type Ref } from 'vue';
import { deleteDocument, moveDocument } from '../../api/base-documents.ts';
import { isUnderWay, useUploads, type NamedFile } from '../../stores/uploads.ts';
import { isWorking } from '../knowledge/document-groups.ts';
import { useAttempt } from '../knowledge/use-attempt.ts';
import { useBaseDocuments, type BaseDocumentPorts } from '../knowledge/use-base-documents.ts';
import { toChatFiles, type ChatFile } from './chat-file.ts';

export interface ConversationFilesOptions {
  /** The base of the open conversation's files; null: there are none. */
  baseId: Readonly<Ref<string | null>>;
  /** Makes that base, and the conversation where there is none yet; answers its id. */
  requireBase: () => Promise<string>;
  ports?: BaseDocumentPorts;
}

/** The files dropped into the open conversation, as they are sent and read. */
export function useConversationFiles({ baseId, requireBase, ports }: ConversationFilesOptions) {
  const uploads = useUploads();
  const attempt = useAttempt();
  const arriving = shallowRef<NamedFile[]>([]);
  const { documents, apply, follow, leave } = useRowsWhileNeeded(ports);
  const own = computed(() => uploads.items.filter((item) => item.baseId === baseId.value));
  const files = computed(() =>
    toChatFiles({ arriving: arriving.value, uploads: own.value, documents: documents.value }),
  );
  const working = computed(() => files.value.filter(({ group }) => group === 'working'));
  const failed = computed(() => files.value.filter(({ group }) => group === 'failed'));
  const isSending = computed(() => own.value.some(isUnderWay));

  async function add(chosen: readonly NamedFile[]): Promise<void> {
    arriving.value = [...arriving.value, ...chosen];
    await attempt(async () => uploads.add(await requireBase(), chosen));
    arriving.value = arriving.value.filter((one) => !chosen.includes(one));
  }

  /** Takes a file out of the conversation, wherever it is on its way. */
  async function remove({ upload, document }: ChatFile): Promise<void> {
    if (upload !== null) uploads.remove(upload);
    if (document === null) return;
    const { id } = document;
    if (await attempt(() => deleteDocument(id))) apply([{ id, removed: true }]);
  }

  async function retry({ upload, document }: ChatFile): Promise<void> {
    if (upload !== null) uploads.retry(upload);
    if (document === null) return;
    await attempt(async () => apply([await moveDocument(document.id, 'retry')]));
    if (baseId.value !== null) follow(baseId.value);
  }

  watch(baseId, (id) => (id === null ? leave() : follow(id)), { immediate: true });
  watch(isSending, (sending) => sending && baseId.value !== null && follow(baseId.value));
  watch(
    () => uploads.lastStored,
    (stored) => stored && stored.base_id === baseId.value && apply([stored]),
  );

  return { files, documents, working, failed, add, remove, retry, arriving };
}

/**
 * The documents of a base, followed only while something happens to them: each connection that
 * stays open is one less of the six that a browser has for all tabs of a server.
 */
function useRowsWhileNeeded(ports?: BaseDocumentPorts) {
  const uploads = useUploads();
  const documents = shallowRef<BaseDocument[]>([]);
  const live = shallowRef<ReturnType<typeof useBaseDocuments> | null>(null);
  let followed: string | null = null;
  let scope: EffectScope | null = null;

  function follow(id: string): void {
    if (id === followed && live.value !== null) return;
    if (id !== followed) documents.value = [];
    stop();
    followed = id;
    scope = effectScope(true);
    scope.run(() => {
      const rows = useBaseDocuments(id, ports);
      live.value = rows;
      watch(rows.documents, (all) => (documents.value = all));
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
    documents.value = [];
  }

  /** What is known before the server's event, or without one. */
  function apply(changes: readonly DocumentChange[]): void {
    live.value?.apply(changes);
    const ids = new Set(changes.map(({ id }) => id));
    const added = changes.flatMap((change) => ('removed' in change ? [] : [change]));
    documents.value = [...added, ...documents.value.filter(({ id }) => !ids.has(id))];
  }

  onScopeDispose(stop);
  return { documents, apply, follow, leave };
}
