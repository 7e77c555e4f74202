import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeRoutes, refusal } from '../testing/fake-routes.ts';
import { makeBase } from '../testing/make-knowledge.ts';
import { memoryRouter } from '../testing/memory-router.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import NewBasePage from './new-base-page.vue';

const POST = 'POST /api/knowledge-bases';
let page: VueWrapper;

beforeEach(
  () =>
    void vi.stubGlobal(
      'IntersectionObserver',
      class {
        observe() {}
        disconnect() {}
      },
    ),
);
afterEach(() => {
  page.unmount();
  vi.unstubAllGlobals();
});

const model = (name: string, purpose: string, state = 'ready') => ({
  name,
  label: name,
  kind: 'local',
  engine: 'openai-compatible',
  needs_key: state === 'needs-key' ? 'SOME_KEY' : null,
  knowledge: null,
  purpose,
  context_length: null,
  state,
});

async function start(create: () => unknown = () => makeBase({ id: 'b9' }), stores = ['embedded', 'chroma']) {
  const models = [model('chatty', 'chat'), model('bge-m3', 'embedding'), model('closed', 'embedding', 'needs-key')];
  const server = new FakeRoutes({
    'GET /api/models': () => ({ models }),
    'GET /api/conversations': () => ({ conversations: [], next: null }),
    'POST /api/knowledge-bases/preview': () => ({ chunks: [] }),
    'GET /api/knowledge-bases': () => ({ bases: [], vector_stores: stores }),
    [POST]: create,
  });
  const router = memoryRouter();
  page = mountPagePart(NewBasePage, { router });
  await flushPromises();
  return { server, router };
}
const get = (id: string) => page.get(`[data-testid="${id}"]`);
const next = async () => {
  await get('wizard').trigger('submit');
  await flushPromises();
};

it('makes a base that is searched by words alone when nothing else is chosen', async () => {
  const { server, router } = await start();
  await next();
  expect(page.find('[data-testid="embedding-none"]').exists()).toBe(false);
  await get('wizard-name').setValue('  Handbook ');
  await next();
  await next();
  await get('cut-size').setValue(200);
  await get('cut-overlap').setValue(40);
  await next();
  expect(server.sentTo(POST)).toMatchObject([
    {
      name: 'Handbook',
      embedding_model: null,
      settings: { split: { max_tokens: 200, overlap_tokens: 40 }, vector_store: 'embedded' },
    },
  ]);
  expect(router.currentRoute.value.fullPath).toBe('/knowledge/b9');
});

it('offers embedding models only, says which key one lacks, and asks for the store with a model', async () => {
  const { server } = await start();
  await get('wizard-name').setValue('Handbook');
  await next();
  expect(page.find('[data-testid="embedding-chatty"]').exists()).toBe(false);
  expect(get('embedding-closed').attributes('disabled')).toBeDefined();
  expect(page.text()).toContain('Set SOME_KEY in the file .env');
  expect(page.find('[data-testid="store-chroma"]').exists()).toBe(false);
  await get('embedding-bge-m3').setValue();
  await get('store-chroma').setValue();
  await next();
  await next();
  expect(server.sentTo(POST)).toMatchObject([{ embedding_model: 'bge-m3', settings: { vector_store: 'chroma' } }]);
});

it('keeps what was typed when the base could not be made, and says why', async () => {
  await start(() => refusal('vector_store_failed', 502));
  await get('wizard-name').setValue('Handbook');
  for (let step = 0; step < 3; step += 1) await next();
  expect(get('wizard-error').text()).toBe('The vector store did not answer.');
  await get('wizard-back').trigger('click');
  await get('wizard-back').trigger('click');
  expect((get('wizard-name').element as HTMLInputElement).value).toBe('Handbook');
});

it('never lets a passage repeat more than half of its size', async () => {
  await start();
  await get('wizard-name').setValue('Handbook');
  await next();
  await next();
  await get('cut-overlap').setValue(170);
  await get('cut-size').setValue(100);
  expect((get('cut-overlap').element as HTMLInputElement).value).toBe('50');
});

it('says nothing of Chroma where the settings name no server', async () => {
  await start(undefined, ['embedded']);
  await get('wizard-name').setValue('Handbook');
  await next();
  await get('embedding-bge-m3').setValue(true);
  expect(page.find('[data-testid="store-chroma"]').exists()).toBe(false);
});
