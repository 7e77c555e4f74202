import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { baseSettingsSchema, type IndexReport, type KnowledgeBase } from '@parley/contracts';
import { useKnowledgeBases } from '../../stores/knowledge-bases.ts';
import { useToasts } from '../../stores/toasts.ts';
import { FakeRoutes } from '../../testing/fake-routes.ts';
import { makeBase, makeSpace } from '../../testing/make-knowledge.ts';
import { memoryRouter } from '../../testing/memory-router.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import SettingsTab from './settings-tab.vue';

let tab: VueWrapper;
afterEach(() => {
  tab.unmount();
  vi.unstubAllGlobals();
});

const PATCH = 'PATCH /api/knowledge-bases/b1';

function start(base: KnowledgeBase, answers: ConstructorParameters<typeof FakeRoutes>[0] = {}, isOwner = true) {
  const server = new FakeRoutes({ [PATCH]: () => base, ...answers });
  const router = memoryRouter();
  tab = mountPagePart(SettingsTab, { props: { base, isOwner }, router });
  return { server, router };
}
const get = (id: string) => tab.get(`[data-testid="${id}"]`);
const has = (id: string) => tab.find(`[data-testid="${id}"]`).exists();
const isDisabled = (id: string) => get(id).attributes('disabled') !== undefined;
const save = async (card: string) => {
  await get(card).get('form').trigger('submit');
  await flushPromises();
};
const confirm = async () => {
  const form = document.querySelector('[data-testid="confirm-dialog"] form');
  form?.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
};

it('saves only what belongs together, and only when it changed', async () => {
  const { server } = start(makeBase());
  expect(isDisabled('settings-general-save')).toBe(true);
  await get('settings-name').setValue('New name');
  await save('settings-general');
  expect(server.sentTo(PATCH)).toEqual([{ name: 'New name', description: '' }]);
  expect(useToasts().toasts.map(({ text }) => text)).toEqual(['Saved']);
});

it('refuses a prompt without the place for the passages, and goes back to the library’s', async () => {
  const prompts = { en: 'Passages:\n\n{passages}', zh: '段落：\n\n{passages}' };
  const { server } = start(makeBase(), { 'GET /api/prompts': () => prompts });
  await get('prompt-zh-own').trigger('click');
  await flushPromises();
  expect((get('prompt-zh-text').element as HTMLTextAreaElement).value).toContain('段落：\n\n{passages}');
  await get('prompt-zh-text').setValue('随便回答。');
  expect(get('prompt-zh').get('[role="alert"]').text()).toContain('must contain {passages}');
  expect(isDisabled('settings-prompts-save')).toBe(true);
  await get('prompt-zh-text').setValue('根据 {passages} 回答。');
  await save('settings-prompts');
  await get('prompt-zh-reset').trigger('click');
  expect(has('prompt-zh-text')).toBe(false);
  expect(server.sentTo(PATCH)).toEqual([{ settings: { prompts: { en: null, zh: '根据 {passages} 回答。' } } }]);
});

it('cuts documents anew only after it was asked', async () => {
  const { server } = start(makeBase({ documents: { ready: 82, running: 0, failed: 0 } }));
  await get('cut-size').setValue(200);
  await save('settings-cutting');
  expect(document.body.textContent).toContain('All 82 documents are cut again');
  expect(server.calls).toEqual([]);
  await confirm();
  expect(server.sentTo(PATCH)).toEqual([{ settings: { split: { max_tokens: 200, overlap_tokens: 0 } } }]);
});

it('keeps what is not saved yet while the base is refreshed, and follows a weight that was tuned', async () => {
  const spaces = [makeSpace()];
  start(makeBase({ spaces }));
  await get('cut-size').setValue(200);
  await tab.setProps({ base: makeBase({ spaces, chunks: 7 }) });
  expect((get('cut-size').element as HTMLInputElement).value).toBe('200');
  await tab.setProps({
    base: makeBase({ spaces, settings: baseSettingsSchema.parse({ retrieval: { dense_weight: 0.3 } }) }),
  });
  expect((get('settings-weight').element as HTMLInputElement).value).toBe('0.3');
});

it('offers the way back to a space that is kept, and shows how far a new one is', async () => {
  const spaces = [
    makeSpace({ id: 's3', model: 'bge-m3', state: 'filling', done: 5 }),
    makeSpace({ id: 's2' }),
    makeSpace({ id: 's1', model: 'embedding-2', state: 'retired' }),
  ];
  const answers = { 'POST /api/knowledge-bases/b1/spaces/s1/activate': () => ({}) };
  const { server } = start(makeBase({ spaces }), answers);
  expect(get('settings-model').get('progress').attributes('value')).toBe('50');
  expect(tab.findAll('[data-testid="space-activate"]')).toHaveLength(1);
  await get('space-activate').trigger('click');
  await flushPromises();
  expect(server.calls).toHaveLength(1);
  expect(tab.emitted('changed')).toHaveLength(1);
});

it('tells an index that differs in plain words', async () => {
  const report: IndexReport = {
    documents: 2,
    chunks: 10,
    missing: ['c1'],
    surplus: [],
    vectors: { expected: 10, found: 9 },
    agrees: false,
  };
  start(makeBase(), { 'POST /api/knowledge-bases/b1/verify': () => report });
  await get('index-verify').trigger('click');
  await flushPromises();
  expect(get('index-report').text()).toContain('The index does not hold what the documents say.');
  expect(get('index-report').text()).toContain('1 passage is missing in the index.');
  expect(get('index-report').text()).toContain('Of 10 vectors, 9 are there.');
});

it('deletes the base only when its name was typed, and leaves its page', async () => {
  const deleted = () => new Response(null, { status: 204 });
  const answers = { 'GET /api/knowledge-bases/b1': () => makeBase(), 'DELETE /api/knowledge-bases/b1': deleted };
  const { server, router } = start(makeBase(), answers);
  const bases = useKnowledgeBases();
  await bases.read('b1');
  await get('delete-base').trigger('click');
  await confirm();
  expect(server.calls.map(({ method }) => method)).toEqual(['GET']);
  const field = document.querySelector<HTMLInputElement>('[data-testid="confirm-typed"]');
  field!.value = 'Handbook';
  field!.dispatchEvent(new Event('input'));
  await flushPromises();
  await confirm();
  expect(server.calls.map(({ method }) => method)).toEqual(['GET', 'DELETE']);
  expect(bases.bases).toEqual([]);
  expect(router.currentRoute.value.name).toBe('knowledge');
});

it('leaves the model and the deletion to the owner', () => {
  start(makeBase({ role: 'editor', spaces: [makeSpace({ state: 'retired' })] }), {}, false);
  expect(has('settings-general-save')).toBe(true);
  expect(has('settings-model-save')).toBe(false);
  expect(has('space-activate')).toBe(false);
  expect(has('delete-base')).toBe(false);
});
