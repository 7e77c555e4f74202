import { MAX_FILE_BYTES, ParleyError, type BaseDocument } from '@parley/contracts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { uploadFile } from '../api/upload-file.ts';

/** Files that are sent at a time: more would only share the same line, and tie up the server. */
const PARALLEL = 3;

export interface NamedFile {
  file: File;
  /** The file's name, or its path in the folder that was dropped. */
  name: string;
}

export interface UploadItem extends NamedFile {
  key: number;
  baseId: string;
  status: 'waiting' | 'sending' | 'stored' | 'failed' | 'cancelled';
  /** Bytes that have left the browser. */
  sent: number;
  error: unknown;
}

/** Files on their way to the server. They go on while their reader looks at other pages. */
export const useUploads = defineStore('uploads', () => {
  const items = ref<UploadItem[]>([]);
  /** The document that came in last, so that the table has it before the server's event. */
  const lastStored = shallowRef<BaseDocument | null>(null);
  const isBusy = computed(() => items.value.some(({ status }) => status === 'waiting' || status === 'sending'));
  const stops = new Map<number, AbortController>();
  let count = 0;

  const find = (key: number) => items.value.find((item) => item.key === key);

  function add(baseId: string, files: readonly NamedFile[]): void {
    for (const { file, name } of files) {
      count += 1;
      const isTooLarge = file.size > MAX_FILE_BYTES;
      const error = isTooLarge ? new ParleyError('document_too_large', 'The file is too large.') : null;
      items.value.push({ key: count, baseId, file, name, status: isTooLarge ? 'failed' : 'waiting', sent: 0, error });
    }
    pump();
  }

  function pump(): void {
    const free = PARALLEL - stops.size;
    const next = free > 0 ? items.value.filter(({ status }) => status === 'waiting').slice(0, free) : [];
    for (const item of next) void send(item);
    // The browser asks before it closes a page whose files are not all sent.
    if (isBusy.value) addEventListener('beforeunload', holdBack);
    else removeEventListener('beforeunload', holdBack);
  }

  async function send(item: UploadItem): Promise<void> {
    const stop = new AbortController();
    stops.set(item.key, stop);
    item.status = 'sending';
    try {
      const { baseId, file, name } = item;
      const onProgress = (sent: number) => (item.sent = sent);
      lastStored.value = await uploadFile({ baseId, file, name, onProgress, signal: stop.signal });
      item.status = 'stored';
    } catch (error) {
      item.status = stop.signal.aborted ? 'cancelled' : 'failed';
      item.error = error;
    } finally {
      stops.delete(item.key);
      pump();
    }
  }

  function cancel(key: number): void {
    const item = find(key);
    if (item?.status === 'waiting') item.status = 'cancelled';
    stops.get(key)?.abort();
  }

  function retry(key: number): void {
    const item = find(key);
    if (item?.status !== 'failed' && item?.status !== 'cancelled') return;
    Object.assign(item, { status: 'waiting', sent: 0, error: null });
    pump();
  }

  const isOfAndGoingOn = (item: UploadItem, baseId: string) =>
    item.baseId === baseId && (item.status === 'waiting' || item.status === 'sending');

  function cancelAll(baseId: string): void {
    for (const item of items.value) if (isOfAndGoingOn(item, baseId)) cancel(item.key);
  }

  /** Takes those from the list that are at an end. */
  function tidy(baseId: string): void {
    items.value = items.value.filter((item) => item.baseId !== baseId || isOfAndGoingOn(item, baseId));
  }

  return { items, lastStored, isBusy, add, cancel, cancelAll, retry, tidy };
});

function holdBack(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
