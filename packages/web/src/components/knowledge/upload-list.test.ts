import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { MAX_FILE_BYTES } from '@parley/contracts';
import { useUploads } from '../../stores/uploads.ts';
import { recordUploadCalls } from '../../testing/fake-upload-calls.ts';
import { makeBaseDocument } from '../../testing/make-knowledge.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import UploadList from './upload-list.vue';

let list: VueWrapper;
afterEach(() => {
  list.unmount();
  vi.unstubAllGlobals();
});

function start(...names: string[]) {
  const calls = recordUploadCalls();
  list = mountPagePart(UploadList, { props: { baseId: 'b1' } });
  const uploads = useUploads();
  const files = names.map((name) => new File(['0123456789'], name, { type: 'text/plain' }));
  uploads.add(
    'b1',
    files.map((file) => ({ file, name: file.name })),
  );
  return { calls, uploads };
}

const rows = () =>
  list
    .findAll('[data-testid="upload-item"]')
    .map((row) => [row.find('.upload-name').text(), row.attributes('data-status')]);
const press = async (id: string) => {
  await list.get(`[data-testid="${id}"]`).trigger('click');
  await flushPromises();
};
const stored = makeBaseDocument({ id: 'd1' });
const refused = { error: { code: 'document_encrypted', message: 'Why.', type: 'x', param: null } };

it('sends three files at a time, and the next when one is stored', async () => {
  const { calls, uploads } = start('a', 'b', 'c', 'd', 'e');
  await flushPromises();
  expect(calls.map(({ path }) => path)).toEqual(
    ['a', 'b', 'c'].map((name) => `/api/knowledge-bases/b1/documents?name=${name}`),
  );
  calls[1]!.end(201, stored);
  await flushPromises();
  expect(calls).toHaveLength(4);
  expect(uploads.lastStored).toMatchObject({ id: 'd1' });
  expect(list.get('[data-testid="upload-summary"]').text()).toBe('1 of 5 files sent.');
});

it('shows how far each file is', async () => {
  const { calls } = start('a');
  calls[0]!.progress(4);
  await flushPromises();
  expect(list.get('[data-testid="upload-item"] progress').attributes('value')).toBe('40');
});

it('says why a file failed, and sends it again when asked', async () => {
  const { calls } = start('a');
  calls[0]!.end(422, refused);
  await flushPromises();
  expect(list.get('[data-testid="upload-item"]').text()).toContain('This document is protected by a password.');
  await press('upload-retry');
  calls[1]!.end(201, stored);
  await flushPromises();
  expect(rows()).toEqual([['a', 'stored']]);
});

it('tells a server that is gone from one that refuses', async () => {
  const { calls } = start('a');
  calls[0]!.dispatchEvent(new Event('error'));
  await flushPromises();
  expect(list.text()).toContain('The Parley server did not answer.');
});

it('cancels what is being sent and never sends what was waiting', async () => {
  const { calls } = start('a', 'b', 'c', 'd');
  await flushPromises();
  await press('upload-cancel-all');
  expect(rows().map(([, status]) => status)).toEqual(Array.from({ length: 4 }, () => 'cancelled'));
  expect(calls).toHaveLength(3);
});

it('does not send a file that no server would take', async () => {
  const { calls, uploads } = start();
  const file = new File([], 'huge.pdf');
  Object.defineProperty(file, 'size', { value: MAX_FILE_BYTES + 1 });
  uploads.add('b1', [{ file, name: 'huge.pdf' }]);
  await flushPromises();
  expect(calls).toEqual([]);
  expect(list.text()).toContain('This document is too large.');
});

it('keeps a folder of thousands in a few rows', async () => {
  start(...Array.from({ length: 2000 }, (_, index) => `file-${index}`));
  await flushPromises();
  expect(rows()).toHaveLength(8);
  expect(list.text()).toContain('And 1,992 more files');
});

it('shows the uploads of its own base only, and takes the ended ones away', async () => {
  const { calls, uploads } = start('a');
  uploads.add('b2', [{ file: new File(['x'], 'other'), name: 'other' }]);
  calls[0]!.end(201, stored);
  await flushPromises();
  expect(rows()).toEqual([['a', 'stored']]);
  await press('upload-tidy');
  expect(list.find('[data-testid="upload-list"]').exists()).toBe(false);
  expect(uploads.items.map(({ name }) => name)).toEqual(['other']);
});

it('asks before the page is closed while files are on their way', async () => {
  const { calls } = start('a');
  const close = () => dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(close()).toBe(false);
  calls[0]!.end(201, stored);
  await flushPromises();
  expect(close()).toBe(true);
});
