import { flushPromises } from '@vue/test-utils';
import { localSettingsSchema, type ModelOverview } from '@parley/contracts';
import ModelsPage from '../pages/models-page.vue';
import { FakeRoutes } from './fake-routes.ts';
import { makeAdminModel, makeModelView, makeOverview } from './make-models.ts';
import { memoryRouter } from './memory-router.ts';
import { mountPagePart } from './mount-page-part.ts';

/** A local model that runs. */
export const tinyModel = makeAdminModel({
  name: 'tiny',
  label: 'Tiny 1B',
  kind: 'local',
  file: 'tiny.gguf',
  local: localSettingsSchema.parse({}),
  process: {
    pid: 7,
    address: null,
    memory_bytes: 812e6,
    restarts: 0,
    gpu_memory_bytes: null,
    running: 3,
    waiting: 1,
    tokens_per_second: 45.25,
  },
});

/** The Models page, before a FAKE server whose overview a test changes as it goes on. The caller unmounts `part`. */
export async function openModelsPage(
  overview: Partial<ModelOverview>,
  answers: ConstructorParameters<typeof FakeRoutes>[0] = {},
  tab = '',
) {
  const state = { overview: makeOverview(overview) };
  const server = new FakeRoutes({
    'GET /api/model-admin': () => state.overview,
    'GET /api/models': () => ({ models: [makeModelView({ name: 'tiny' })] }),
    'GET /api/conversations': () => ({ conversations: [], next: null }),
    ...answers,
  });
  const router = memoryRouter();
  await router.push({ name: 'models', params: tab ? { tab } : {} });
  const part = mountPagePart(ModelsPage, { router });
  await flushPromises();
  return { part, state, server };
}
