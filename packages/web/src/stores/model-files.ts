import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { ModelDownload, ModelLibrary } from '@parley/contracts';
import * as downloadsApi from '../api/model-downloads.ts';
import { createFreshReading } from './fresh-reading.ts';

/** Files of local models: those that can be had, those that are there, and those on their way. */
export const useModelFiles = defineStore('model-files', () => {
  const library = shallowRef<ModelLibrary | null>(null);
  const downloads = shallowRef<ModelDownload[]>([]);
  const reading = createFreshReading();

  async function refreshLibrary(): Promise<void> {
    library.value = await downloadsApi.readLibrary();
  }

  async function refreshDownloads(): Promise<void> {
    const read = await reading.read(downloadsApi.listDownloads);
    if (read !== null) downloads.value = read;
  }

  async function download(wanted: downloadsApi.NewDownload): Promise<ModelDownload> {
    const begun = await downloadsApi.startDownload(wanted);
    reading.changed();
    downloads.value = [begun, ...downloads.value.filter(({ id }) => id !== begun.id)];
    return begun;
  }

  async function cancel(id: string): Promise<void> {
    await downloadsApi.cancelDownload(id);
    reading.changed();
    downloads.value = downloads.value.filter((one) => one.id !== id);
  }

  async function resume(id: string): Promise<void> {
    await downloadsApi.resumeDownload(id);
    reading.changed();
    await refreshDownloads();
  }

  function clear(): void {
    reading.changed();
    library.value = null;
    downloads.value = [];
  }

  return { library, downloads, refreshLibrary, refreshDownloads, download, cancel, resume, clear };
});
