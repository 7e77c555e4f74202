import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ModelView } from '@parley/contracts';
import { listModels } from '../api/models.ts';

/** The models that the server offers. */
export const useModels = defineStore('models', () => {
  const all = shallowRef<ModelView[]>([]);
  const isLoaded = shallowRef(false);
  /** Those that can be chatted with. */
  const models = computed(() => all.value.filter(({ purpose }) => purpose === 'chat'));
  const embedding = computed(() => all.value.filter(({ purpose }) => purpose === 'embedding'));
  const rerank = computed(() => all.value.filter(({ purpose }) => purpose === 'rerank'));
  const ready = computed(() => models.value.filter((model) => model.state === 'ready'));

  async function refresh(): Promise<void> {
    all.value = await listModels();
    isLoaded.value = true;
  }

  const find = (name: string | null) => models.value.find((model) => model.name === name) ?? null;
  /** How a model of any purpose is called on the page. */
  const labelOf = (name: string) => all.value.find((model) => model.name === name)?.label ?? name;

  function clear(): void {
    all.value = [];
    isLoaded.value = false;
  }

  return { models, embedding, rerank, isLoaded, ready, refresh, find, labelOf, clear };
});
