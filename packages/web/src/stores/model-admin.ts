import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { AdminModel, ModelOverview } from '@parley/contracts';
import * as adminApi from '../api/model-admin.ts';

/** What owners see of the models: those that are configured, their processes, and connections. */
export const useModelAdmin = defineStore('model-admin', () => {
  const overview = shallowRef<ModelOverview | null>(null);
  const models = computed(() => overview.value?.models ?? []);
  const connections = computed(() => overview.value?.connections ?? []);

  async function refresh(): Promise<void> {
    overview.value = await adminApi.readOverview();
  }

  const find = (name: string | null) => models.value.find((model) => model.name === name) ?? null;

  /** Puts a model in its place as it is now; the next reading says the same. */
  function take(model: AdminModel): AdminModel {
    const { value } = overview;
    if (value === null) return model;
    const isKnown = value.models.some(({ name }) => name === model.name);
    const all = isKnown ? value.models.map((one) => (one.name === model.name ? model : one)) : [...value.models, model];
    overview.value = { ...value, models: all };
    return model;
  }

  /** Answers the models of the connection that was made, in their order. */
  async function connect(body: adminApi.NewConnection): Promise<AdminModel[]> {
    overview.value = await adminApi.createConnection(body);
    const [newest] = overview.value.connections.toSorted((one, other) => other.created_at - one.created_at);
    return overview.value.models.filter(({ connection_id: id }) => id !== null && id === newest?.id);
  }

  const addModel = async (body: adminApi.NewModel) => take(await adminApi.createModel(body));

  async function removeModel(name: string, how: { withFile: boolean }): Promise<void> {
    await adminApi.deleteModel(name, how);
    await refresh();
  }

  async function removeConnection(id: string): Promise<void> {
    await adminApi.deleteConnection(id);
    await refresh();
  }

  function clear(): void {
    overview.value = null;
  }

  return {
    overview,
    models,
    connections,
    refresh,
    find,
    take,
    connect,
    addModel,
    removeModel,
    removeConnection,
    clear,
  };
});
