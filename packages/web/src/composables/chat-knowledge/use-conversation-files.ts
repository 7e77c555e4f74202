import { computed, shallowRef, watch, type Ref } from 'vue';
import { deleteDocument, moveDocument } from '../../api/base-documents.ts';
import { isUnderWay, useUploads, type NamedFile } from '../../stores/uploads.ts';
import { useAttempt } from '../knowledge/use-attempt.ts';
import type { BaseDocumentPorts } from '../knowledge/use-base-documents.ts';
import { toChatFiles, type ChatFile } from './chat-file.ts';
import { useRowsWhileNeeded } from './use-rows-while-needed.ts';

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
  }

  watch(baseId, (id) => (id === null ? leave() : follow(id)), { immediate: true });
  watch(isSending, (sending) => sending && baseId.value !== null && follow(baseId.value));
  // At once: in between the file would be neither on its way nor known, and nothing would be waited for.
  watch(
    () => uploads.lastStored,
    (stored) => stored && stored.base_id === baseId.value && apply([stored]),
    { flush: 'sync' },
  );

  return { files, documents, working, failed, add, remove, retry, arriving };
}
