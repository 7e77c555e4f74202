import { computed, shallowRef } from 'vue';
import { useModelAdmin } from '../../stores/model-admin.ts';
import { useModels } from '../../stores/models.ts';
import { usePolling } from './use-polling.ts';

const INTERVAL_MS = 1000;

/** A model that was just added, until it answers: `onReady` is told its name, with the picker up to date. */
export function useAwaitedModel(onReady: (name: string) => void) {
  const admin = useModelAdmin();
  const models = useModels();
  const name = shallowRef<string | null>(null);
  const model = computed(() => admin.find(name.value));
  const hasFailed = computed(() => model.value?.state === 'failed' || model.value?.state === 'needs-key');

  async function look(): Promise<void> {
    const wanted = name.value;
    if (wanted === null) return;
    await Promise.all([models.refresh(), admin.refresh()]);
    if (models.find(wanted)?.state !== 'ready' || name.value !== wanted) return;
    name.value = null;
    onReady(wanted);
  }
  const { now } = usePolling(look, INTERVAL_MS);

  function awaitModel(wanted: string): void {
    name.value = wanted;
    now();
  }

  function giveUp(): void {
    name.value = null;
  }

  return { name, model, hasFailed, awaitModel, giveUp };
}
