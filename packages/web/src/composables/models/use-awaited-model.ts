import type { AdminModel } from '@parley/contracts';
import { computed, shallowRef } from 'vue';
import { useModelAdmin } from '../../stores/model-admin.ts';
import { useModels } from '../../stores/models.ts';
import { usePolling } from './use-polling.ts';

const INTERVAL_MS = 1000;
/** Nothing more comes by itself. */
const DOWN: ReadonlySet<AdminModel['state']> = new Set(['failed', 'needs-key', 'released']);

/**
 * A model that was just added, until it answers: `onReady` is told its name, with the picker up to date.
 * One that is not for chats cannot be picked: of it nothing is waited for.
 */
export function useAwaitedModel(onReady: (name: string) => void) {
  const admin = useModelAdmin();
  const models = useModels();
  const name = shallowRef<string | null>(null);
  const model = computed(() => admin.find(name.value));
  const hasFailed = computed(() => DOWN.has(model.value?.state ?? 'starting'));

  async function look(): Promise<void> {
    const wanted = name.value;
    if (wanted === null) return;
    await Promise.all([models.refresh(), admin.refresh()]);
    if (name.value !== wanted) return;
    const purpose = model.value?.purpose ?? 'chat';
    const isReady = models.find(wanted)?.state === 'ready';
    if (isReady || purpose !== 'chat') name.value = null;
    if (isReady) onReady(wanted);
  }
  const { now, isFailing } = usePolling(look, INTERVAL_MS);

  function awaitModel(wanted: string): void {
    name.value = wanted;
    now();
  }

  function giveUp(): void {
    name.value = null;
  }

  return { name, model, hasFailed, isOld: isFailing, awaitModel, giveUp };
}
