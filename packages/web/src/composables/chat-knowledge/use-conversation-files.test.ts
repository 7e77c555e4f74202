import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import { ParleyError } from '@parley/contracts';
import FileChips from '../../components/composer/file-chips.vue';
import { FakeBaseDocuments } from '../../testing/fake-base-documents.ts';
import { FakeRoutes } from '../../testing/fake-routes.ts';
import { recordUploadCalls } from '../../testing/fake-upload-calls.ts';
import { makeBaseDocument } from '../../testing/make-knowledge.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import { useToasts } from '../../stores/toasts.ts';
import { useConversationFiles } from './use-conversation-files.ts';

let page: VueWrapper;
afterEach(() => {
  page.unmount();
  vi.unstubAllGlobals();
});

function start({ id = null as string | null, requireBase = async () => 'b1', server = new FakeBaseDocuments() } = {}) {
  const calls = recordUploadCalls();
  const baseId = ref(id);
  let files!: ReturnType<typeof useConversationFiles>;
  const require = async () => (baseId.value = await requireBase());
  page = mountPagePart(
    defineComponent(() => {
      files = useConversationFiles({ baseId, requireBase: require, ports: server });
      return () => h(FileChips, { files: files.files.value, onRemove: files.remove, onRetry: files.retry });
    }),
  );
  return { server, calls, files, baseId };
}

const named = (name: string) => ({ name, file: new File(['0123456789'], name) });
const chips = () =>
  page
    .findAll('[data-testid="file-chip"]')
    .map((chip) => [chip.get('.ellipsis').text(), chip.attributes('data-state')]);
const press = async (id: string) => {
  await page.get(`[data-testid="${id}"]`).trigger('click');
  await flushPromises();
};
const queued = (id: string, name: string) => makeBaseDocument({ id, name, state: 'queued', percent: 0, updated_at: 1 });

it('shows a file from the moment it is dropped, over its sending and reading, until it is ready', async () => {
  const { server, calls, files } = start();
  const adding = files.add([named('a.pdf')]);
  await flushPromises();
  await adding;
  expect(chips()).toEqual([['a.pdf', 'sending']]);
  calls[0]?.progress(5);
  await flushPromises();
  expect(page.get('[data-testid="file-state"]').text()).toBe('Sending 50%');
  calls[0]?.end(201, queued('d1', 'a.pdf'));
  await flushPromises();
  expect(chips()).toEqual([['a.pdf', 'queued']]);
  server.tell({ ...queued('d1', 'a.pdf'), state: 'parsing', percent: 30, updated_at: 2 });
  await flushPromises();
  expect(page.get('[data-testid="file-state"]').text()).toBe('Reading 30%');
  server.tell({ ...queued('d1', 'a.pdf'), state: 'ready', percent: 100, updated_at: 3 });
  await flushPromises();
  expect(chips()).toEqual([['a.pdf', 'ready']]);
  expect(files.working.value).toEqual([]);
});

it('keeps a file that the rows do not have yet, because they were read before it was stored', async () => {
  const server = new FakeBaseDocuments();
  // No change is shown before the reading has ended.
  server.wait = () => new Promise(() => undefined);
  const { calls, files } = start({ id: 'b1', server });
  await files.add([named('a.pdf')]);
  calls[0]?.end(201, queued('d1', 'a.pdf'));
  await flushPromises();
  expect(server.read).toHaveLength(1);
  expect(chips()).toEqual([['a.pdf', 'queued']]);
  expect(files.working.value).toHaveLength(1);
});

it('sends three at a time', async () => {
  const { calls, files } = start({ id: 'b1' });
  await files.add(['a', 'b', 'c', 'd', 'e'].map(named));
  await flushPromises();
  expect(calls).toHaveLength(3);
  expect(chips().map(([, state]) => state)).toEqual(['sending', 'sending', 'sending', 'waiting', 'waiting']);
});

it('says in plain words why a file failed', async () => {
  const { server } = start({ id: 'b1' });
  const error = { code: 'document_encrypted', message: 'a.pdf needs a password.' } as const;
  server.rows = [makeBaseDocument({ id: 'd1', name: 'a.pdf', state: 'failed', error })];
  await flushPromises();
  expect(page.get('[data-testid="file-state"]').text()).toBe('This document is protected by a password.');
  expect(page.find('[data-testid="file-retry"]').exists()).toBe(false);
});

it('takes a file out by deleting its document', async () => {
  const { server } = start({ id: 'b1' });
  const routes = new FakeRoutes({ 'DELETE /api/documents/d1': () => null });
  server.rows = [makeBaseDocument({ id: 'd1', name: 'a.pdf' })];
  await flushPromises();
  await press('file-remove');
  expect(routes.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['DELETE /api/documents/d1']);
  expect(chips()).toEqual([]);
});

it('cancels a file that is still being sent', async () => {
  const { calls, files } = start({ id: 'b1' });
  const aborted = vi.fn<() => void>();
  await files.add([named('a.pdf')]);
  await flushPromises();
  calls[0]?.addEventListener('abort', aborted);
  await press('file-remove');
  expect(aborted).toHaveBeenCalledOnce();
  expect(chips()).toEqual([]);
});

it('says so, and keeps no chip, when the conversation for the file could not be made', async () => {
  const refuse = async () => {
    throw new ParleyError('server_unreachable', 'No server.');
  };
  const { files } = start({ requireBase: refuse });
  await files.add([named('a.pdf')]);
  await flushPromises();
  expect(chips()).toEqual([]);
  expect(useToasts().toasts).toHaveLength(1);
});

it('follows changes only while something happens: an open connection is one less for other tabs', async () => {
  const { server, calls, files } = start({ id: 'b1' });
  server.rows = [makeBaseDocument({ id: 'd1', name: 'a.pdf' })];
  await flushPromises();
  expect(server.connections).toBe(1);
  await files.add([named('b.pdf')]);
  await flushPromises();
  expect(server.connections).toBe(2);
  calls[0]?.end(201, makeBaseDocument({ id: 'd2', name: 'b.pdf', created_at: 5 }));
  await flushPromises();
  expect(chips().map(([name]) => name)).toEqual(['a.pdf', 'b.pdf']);
});

it('shows the files of the conversation that is opened, and none of the one before', async () => {
  const { server, baseId } = start({ id: 'b1' });
  server.rows = [makeBaseDocument({ id: 'd1', name: 'a.pdf' })];
  await flushPromises();
  baseId.value = null;
  await flushPromises();
  expect(chips()).toEqual([]);
});
