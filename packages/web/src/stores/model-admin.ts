import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { AdminModel, ModelOverview } from '@parley/contracts';
import * as adminApi from '../api/model-admin.ts';
import { createFreshReading } from './fresh-reading.ts';

/** What owners see of the models: those that are configured, their processes, and connections. */
export const useModelAdmin = defineStore('model-admin', () => {
  const overview = shallowRef<ModelOverview | null>(null);
  const models = computed(() => overview.value?.models ?? []);
  const connections = computed(() => overview.value?.connections ?? []);
  const reading = createFreshReading();

  async function refresh(): Promise<void> {
    const read = await reading.read(adminApi.readOverview);
    if (read !== null) overview.value = read;
  }

  /** Shows what a change left, whatever a reading that began before it says. */
  function show(changed: ModelOverview | null): void {
    reading.changed();
    overview.value = changed;
  }

  const find = (name: string | null) => models.value.find((model) => model.name === name) ?? null;

  /** Puts a model in its place as it is now; the next reading says the same. */
  function take(model: AdminModel): AdminModel {
    const { value } = overview;
    if (value === null) return model;
    const isKnown = value.models.some(({ name }) => name === model.name);
    const all = isKnown ? value.models.map((one) => (one.name === model.name ? model : one)) : [...value.models, model];
    show({ ...value, models: all });
    return model;
  }

  /** Answers the models of the connection that was made, in their order. */
  async function connect(body: adminApi.NewConnection): Promise<AdminModel[]> {
    const { connection_id: made, ...changed } = await adminApi.createConnection(body);
    show(changed);
    return models.value.filter(({ connection_id: id }) => id === made);
  }

  const addModels = async (connectionId: string, body: adminApi.NewModels) =>
    show(await adminApi.addModels(connectionId, body));
  const addModel = async (body: adminApi.NewModel) => take(await adminApi.createModel(body));
  const removeModel = (name: string, how: { withFile: boolean }) => readAfter(adminApi.deleteModel(name, how));
  const removeConnection = (id: string) => readAfter(adminApi.deleteConnection(id));
  async function readAfter(change: Promise<void>): Promise<void> {
    await change;
    reading.changed();
    await refresh();
  }
  const clear = () => show(null);

  const changes = { take, connect, addModels, addModel, removeModel, removeConnection, clear };
  return { overview, models, connections, refresh, find, ...changes };
});
