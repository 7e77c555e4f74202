import { MAX_FILE_BYTES, ParleyError, type BaseDocument } from '@parley/contracts';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { uploadFile } from '../api/upload-file.ts';

/** Files that are sent at a time: more would only share the same line, and tie up the server. */
const PARALLEL = 3;

export interface NamedFile {
  file: File;
  /** The file's name, after those of the folders in which it was dropped. */
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
  const stops = new Map<number, AbortController>();
  let count = 0;

  function add(baseId: string, files: readonly NamedFile[]): void {
    items.value.push(...files.map((named) => toItem(baseId, (count += 1), named)));
    pump();
  }

  function pump(): void {
    const free = Math.max(0, PARALLEL - stops.size);
    const waiting = items.value.filter(({ status }) => status === 'waiting');
    for (const item of waiting.slice(0, free)) void send(item);
    holdPage(stops.size > 0);
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

  function cancel(...some: readonly UploadItem[]): void {
    for (const item of some) if (item.status === 'waiting') item.status = 'cancelled';
    for (const { key } of some) stops.get(key)?.abort();
  }

  function retry(item: UploadItem): void {
    Object.assign(item, { status: 'waiting', sent: 0, error: null });
    pump();
  }

  /** Takes one from the list, on its way or not. */
  function remove(item: UploadItem): void {
    cancel(item);
    items.value = items.value.filter(({ key }) => key !== item.key);
  }

  /** Takes those of a base from the list that are at an end. */
  function tidy(baseId: string): void {
    items.value = items.value.filter((item) => item.baseId !== baseId || isUnderWay(item));
  }

  return { items, lastStored, add, cancel, retry, remove, tidy };
});

export const isUnderWay = ({ status }: UploadItem) => status === 'waiting' || status === 'sending';

function toItem(...[baseId, key, { file, name }]: [string, number, NamedFile]): UploadItem {
  const whose = { key, baseId, file, name, sent: 0 };
  if (file.size <= MAX_FILE_BYTES) return { ...whose, status: 'waiting', error: null };
  return { ...whose, status: 'failed', error: new ParleyError('document_too_large', 'The file is too large.') };
}

/** The browser asks before it closes a page whose files are not all sent. */
function holdPage(isHeld: boolean): void {
  if (isHeld) addEventListener('beforeunload', holdBack);
  else removeEventListener('beforeunload', holdBack);
}

function holdBack(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
