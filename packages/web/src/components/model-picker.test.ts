import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { ModelView } from '@parley/contracts';
import { useModels } from '../stores/models.ts';
import { useSession } from '../stores/session.ts';
import { FakeRoutes } from '../testing/fake-routes.ts';
import { makeModelView } from '../testing/make-models.ts';
import { memoryRouter } from '../testing/memory-router.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import ModelPicker from './model-picker.vue';

let part: VueWrapper;
afterEach(() => {
  part.unmount();
  vi.unstubAllGlobals();
});

const models = [
  makeModelView({
    name: 'glm',
    context_length: 131_072,
    capabilities: { vision: true, tools: true, reasoning: false },
  }),
  makeModelView({ name: 'tiny', kind: 'local', state: 'loading', loading_percent: 45 }),
  makeModelView({ name: 'locked', state: 'needs-key', needs_key: 'ACME_API_KEY' }),
  makeModelView({ name: 'sealed', state: 'needs-key' }),
];

async function open(role: 'owner' | 'member', selected: ModelView | null = null) {
  const server = new FakeRoutes({ 'GET /api/models': () => ({ models }) });
  const router = memoryRouter();
  part = mountPagePart(ModelPicker, { props: { selected }, router });
  const account = { id: 'u', name: 'Ada', role, has_password: true };
  useSession().state = { account, sign_in: 'password', is_loopback_only: true };
  await useModels().refresh();
  await part.get('[data-testid="model-picker"]').trigger('click');
  await flushPromises();
  return { router, server };
}
const row = (name: string) => document.querySelector<HTMLElement>(`[data-model="${name}"]`)!;

it('says of each model what it can do and how far it is loaded', async () => {
  await open('owner');
  expect(row('glm').textContent).toMatch(/Vision.*Tools.*128K context/);
  expect(row('glm').textContent).not.toContain('Reasoning');
  expect(row('tiny').textContent).toContain('Loading 45%');
});

it('asks for a key anew that can no longer be opened, and names no variable', async () => {
  await open('owner');
  expect(row('sealed').textContent).toContain('Its key has to be entered again');
  expect(row('sealed').textContent).not.toContain('.env');
});

it('leads owners from a model without a key to the page where it is added, and only them', async () => {
  const { router, server } = await open('owner');
  row('locked').querySelector<HTMLElement>('[data-testid="model-to-page"]')?.click();
  await flushPromises();
  expect(router.currentRoute.value.name).toBe('models');
  expect(part.emitted('pick')).toBeUndefined();
  // When the page begins, and when the list opens.
  expect(server.sentTo('GET /api/models')).toHaveLength(2);
  part.unmount();
  await open('member');
  expect(row('locked').querySelector('[data-testid="model-to-page"]')).toBeNull();
});

it('closes also when the model that is chosen is chosen again', async () => {
  await open('owner', models[0]);
  row('glm').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  row('glm').dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
  await flushPromises();
  expect(row('glm')).toBeNull();
});
