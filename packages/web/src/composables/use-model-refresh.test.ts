import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defineComponent } from 'vue';
import { useModels } from '../stores/models.ts';
import { useToasts } from '../stores/toasts.ts';
import { FakeRoutes, refusal } from '../testing/fake-routes.ts';
import { makeModelView } from '../testing/make-models.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import { useModelRefresh } from './use-model-refresh.ts';

let part: VueWrapper;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  part.unmount();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function start(answer: () => unknown) {
  const server = new FakeRoutes({ 'GET /api/models': answer });
  part = mountPagePart(defineComponent({ setup: useModelRefresh, render: () => null }));
  await flushPromises();
  return server;
}
const names = () => useModels().models.map(({ name }) => name);

it('asks for the models until the server answers, and says only once that it does not', async () => {
  let isDown = true;
  const server = await start(() =>
    isDown ? refusal('internal_error', 500) : { models: [makeModelView({ name: 'a' })] },
  );
  await vi.advanceTimersByTimeAsync(3000);
  expect(useToasts().toasts).toHaveLength(1);
  isDown = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([names(), server.calls.length]).toEqual([['a'], 3]);
});

it('asks again on return to the page: another tab may have added a model', async () => {
  const models = [makeModelView({ name: 'a' })];
  await start(() => ({ models }));
  models.push(makeModelView({ name: 'b' }));
  document.dispatchEvent(new Event('visibilitychange'));
  await flushPromises();
  expect(names()).toEqual(['a', 'b']);
});
