import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { CreateBaseRequest, KnowledgeBase, KnowledgeBaseList, UpdateBaseRequest } from '@parley/contracts';
import * as basesApi from '../api/knowledge-bases.ts';

/** The knowledge bases that the one who is signed in may see, by name. */
export const useKnowledgeBases = defineStore('knowledge-bases', () => {
  const bases = shallowRef<KnowledgeBase[]>([]);
  /** Where a new base may keep its vectors. */
  const vectorStores = shallowRef<KnowledgeBaseList['vector_stores']>(['embedded']);
  const status = shallowRef<'idle' | 'loading' | 'loaded' | 'failed'>('idle');
  const error = shallowRef<unknown>(null);

  async function load(): Promise<void> {
    status.value = status.value === 'loaded' ? 'loaded' : 'loading';
    try {
      const list = await basesApi.listBases();
      bases.value = list.bases;
      vectorStores.value = list.vector_stores;
      status.value = 'loaded';
    } catch (thrown) {
      error.value = thrown;
      status.value = 'failed';
    }
  }

  function upsert(base: KnowledgeBase): KnowledgeBase {
    const others = bases.value.filter(({ id }) => id !== base.id);
    bases.value = [...others, base].toSorted((one, other) => one.name.localeCompare(other.name));
    return base;
  }

  const find = (id: string) => bases.value.find((base) => base.id === id) ?? null;
  const read = async (id: string) => upsert(await basesApi.readBase(id));
  const create = async (request: CreateBaseRequest) => upsert(await basesApi.createBase(request));
  const update = async (id: string, change: UpdateBaseRequest) => upsert(await basesApi.updateBase(id, change));

  async function remove(id: string): Promise<void> {
    await basesApi.deleteBase(id);
    bases.value = bases.value.filter((base) => base.id !== id);
  }

  function clear(): void {
    bases.value = [];
    status.value = 'idle';
  }

  return { bases, vectorStores, status, error, load, find, read, create, update, remove, clear };
});
