import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { FakeRoutes, refusal } from '../../testing/fake-routes.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import { find, get, press, submit, textOf, type } from '../../testing/on-page.ts';
import UploadDrop from './upload-drop.vue';

const PAGES = 'POST /api/knowledge-bases/b1/pages';

let part: VueWrapper;
afterEach(() => {
  part.unmount();
  vi.unstubAllGlobals();
});
const start = (answer: () => unknown) => {
  const server = new FakeRoutes({ [PAGES]: answer });
  part = mountPagePart(UploadDrop, { props: { baseId: 'b1', isOver: false } });
  return server;
};
const chooseSite = async () => {
  (get('pages-site').querySelector('input') as HTMLInputElement).click();
  await flushPromises();
};

it('takes the usual number where a field was emptied', async () => {
  const server = start(() => ({ documents: [] }));
  await press('add-pages');
  await type('pages-url', 'example.com/handbook');
  await chooseSite();
  expect((get('pages-depth') as HTMLInputElement).value).toBe('2');
  await type('pages-depth', '');
  await type('pages-limit', '7');
  await submit('pages-form');
  const address = { url: 'https://example.com/handbook', extent: 'site', select: [] };
  expect(server.sentTo(PAGES)).toEqual([{ ...address, depth: 2, limit: 7 }]);
  expect(find('pages-dialog')).toBeNull();
});

it('says why a page was refused, keeps what was typed, and forgets the refusal when it is opened again', async () => {
  start(() => refusal('invalid_request'));
  await press('add-pages');
  await type('pages-url', 'http://127.0.0.1');
  await submit('pages-form');
  expect(textOf('pages-problem')).toContain('Why.');
  await press('dialog-close');
  await press('add-pages');
  expect(find('pages-problem')).toBeNull();
  expect((get('pages-url') as HTMLInputElement).value).toBe('http://127.0.0.1');
});
