import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ModelView } from '@parley/contracts';
import { listModels } from '../api/models.ts';

/** The models that the server offers. */
export const useModels = defineStore('models', () => {
  const models = shallowRef<ModelView[]>([]);
  const isLoaded = shallowRef(false);
  const ready = computed(() => models.value.filter((model) => model.state === 'ready'));

  async function refresh(): Promise<void> {
    models.value = await listModels();
    isLoaded.value = true;
  }

  const find = (name: string | null) => models.value.find((model) => model.name === name) ?? null;

  return { models, isLoaded, ready, refresh, find };
});
