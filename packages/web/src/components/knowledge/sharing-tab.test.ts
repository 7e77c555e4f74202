import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { FakeRoutes } from '../../testing/fake-routes.ts';
import { makeBase } from '../../testing/make-knowledge.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import SharingTab from './sharing-tab.vue';

const PUT = 'PUT /api/knowledge-bases/b1/sharing';
let tab: VueWrapper;

afterEach(() => {
  tab.unmount();
  vi.unstubAllGlobals();
});

async function start(answer: (body: unknown) => unknown = (body) => body) {
  const server = new FakeRoutes({
    'GET /api/knowledge-bases/b1/sharing': () => ({
      visibility: 'private',
      users: [{ name: 'Grace', role: 'editor' }],
    }),
    [PUT]: ({ body }) => answer(body),
  });
  tab = mountPagePart(SharingTab, { props: { base: makeBase() } });
  await flushPromises();
  return server;
}
const get = (id: string) => tab.get(`[data-testid="${id}"]`);
const save = async () => {
  await get('sharing').get('form').trigger('submit');
  await flushPromises();
};

it('saves who may see it, with a name that was typed but not added', async () => {
  const server = await start();
  await get('shared-role').setValue('reader');
  await get('share-name').setValue(' Linus ');
  await get('visibility-public').setValue();
  await save();
  const users = ['Grace', 'Linus'].map((name) => ({ name, role: 'reader' }));
  expect(server.sentTo(PUT)).toEqual([{ visibility: 'public', users }]);
  expect(tab.emitted('changed')).toHaveLength(1);
});

it('takes nobody twice', async () => {
  const server = await start();
  await get('share-name').setValue('grace');
  await save();
  expect(server.sentTo(PUT)).toEqual([]);
  expect(tab.get('[role="alert"]').text()).toBe('This name is in the list already.');
});

it('says which name has no account', async () => {
  await start(() => {
    const error = { code: 'invalid_request', message: 'Why.', type: 'x', param: 'users.1.name' };
    return Response.json({ error }, { status: 400 });
  });
  await get('share-name').setValue('Nobody');
  await get('share-add').trigger('click');
  await save();
  expect(get('sharing-error').text()).toBe('There is no other account here with the name “Nobody”.');
});

it('takes a name away', async () => {
  const server = await start();
  await get('shared-remove').trigger('click');
  await save();
  expect(server.sentTo(PUT)).toEqual([{ visibility: 'private', users: [] }]);
});
