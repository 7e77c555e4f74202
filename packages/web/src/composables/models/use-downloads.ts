import type { ModelDownload } from '@parley/contracts';
import { computed, watch } from 'vue';
import type { NewDownload } from '../../api/model-downloads.ts';
import { useModelAdmin } from '../../stores/model-admin.ts';
import { useModelFiles } from '../../stores/model-files.ts';
import { useModelAttempt } from './use-model-attempt.ts';
import { usePolling } from './use-polling.ts';

const INTERVAL_MS = 1000;
const UNDER_WAY: ReadonlySet<ModelDownload['state']> = new Set(['queued', 'running', 'checking', 'paused']);

/** Whether something of it is still to come by itself. */
export const isUnderWay = ({ state }: ModelDownload) => UNDER_WAY.has(state);

/** Files that are being fetched, as they come in. `onDone` is told of each model that was made of one meanwhile. */
export function useDownloads(onDone: (model: string) => void = () => undefined) {
  const admin = useModelAdmin();
  const files = useModelFiles();
  const attempt = useModelAttempt();
  /** Sources that are on their way, or failed and can go on. */
  const open = computed(() => files.downloads.filter(({ state }) => state !== 'done'));
  const ofSource = (source: string) => open.value.find((one) => one.source === source) ?? null;
  const { now, isFailing } = usePolling(() => files.refreshDownloads(), INTERVAL_MS);

  const awaited = new Set<string>();
  watch(
    () => files.downloads,
    (downloads) => {
      for (const one of downloads) if (isUnderWay(one)) awaited.add(one.id);
      // Its model is made a moment after the file is there.
      for (const { id, state, model } of downloads)
        if (state === 'done' && model !== null && awaited.delete(id)) finish(model);
    },
    { immediate: true },
  );
  function finish(model: string): void {
    // The file stands in the folder now; where that cannot be read, the next look at the page shows it.
    void Promise.all([admin.refresh(), files.refreshLibrary()]).catch(() => undefined);
    onDone(model);
  }

  async function start(wanted: NewDownload): Promise<void> {
    awaited.add((await files.download(wanted)).id);
    now();
  }
  const cancel = ({ id }: ModelDownload) => attempt(() => files.cancel(id));
  const resume = ({ id }: ModelDownload) => attempt(() => files.resume(id));

  return { open, ofSource, isOld: isFailing, start, cancel, resume };
}
