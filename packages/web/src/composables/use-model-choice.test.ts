import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { shallowRef } from 'vue';
import type { ModelView } from '@parley/contracts';
import { useModels } from '../stores/models.ts';
import { usePreferences } from '../stores/preferences.ts';
import { FakeRoutes } from '../testing/fake-routes.ts';
import { makeModelView } from '../testing/make-models.ts';
import { useModelChoice } from './use-model-choice.ts';

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
});
afterEach(() => void vi.unstubAllGlobals());

const guide = makeModelView({ name: 'guide', kind: 'extractive', knowledge: 'guide' });
const glm = makeModelView({ name: 'glm' });

async function choose(models: ModelView[], lastModel: string | null = null) {
  const server = new FakeRoutes({ 'GET /api/models': () => ({ models }) });
  await useModels().refresh();
  expect(server.calls).toHaveLength(1);
  return useModelChoice(shallowRef(lastModel));
}

it('begins with a model, and with the guide only when nothing else answers', async () => {
  expect((await choose([guide, glm])).selected.value).toEqual(glm);
  expect((await choose([guide, { ...glm, state: 'loading' }])).selected.value).toEqual(guide);
});

it('stays with the conversation’s model, else with the one that was picked last', async () => {
  usePreferences().model = 'guide';
  expect((await choose([glm, guide])).selected.value).toEqual(guide);
  expect((await choose([glm, guide], 'glm')).selected.value).toEqual(glm);
});
