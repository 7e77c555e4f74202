import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeRoutes } from '../testing/fake-routes.ts';
import { makeDownload } from '../testing/make-models.ts';
import { useModelFiles } from './model-files.ts';

beforeEach(() => void setActivePinia(createPinia()));
afterEach(() => void vi.unstubAllGlobals());

it('does not bring a cancelled download back by a list that was read before', async () => {
  const late = Promise.withResolvers<unknown>();
  const lists: unknown[] = [{ downloads: [makeDownload({ id: 'd1' })] }, late.promise, { downloads: [] }];
  const server = new FakeRoutes({
    'GET /api/model-admin/downloads': () => lists.shift(),
    'DELETE /api/model-admin/downloads/d1': () => new Response(null, { status: 204 }),
  });
  const files = useModelFiles();
  await files.refreshDownloads();
  const reading = files.refreshDownloads();
  await files.cancel('d1');
  late.resolve({ downloads: [makeDownload({ id: 'd1' })] });
  await reading;
  expect(files.downloads).toEqual([]);
  await files.refreshDownloads();
  expect(server.sentTo('GET /api/model-admin/downloads')).toHaveLength(3);
});

it('does not show a resumed download as failed by a list that was read before', async () => {
  const late = Promise.withResolvers<unknown>();
  const lists: unknown[] = [late.promise, { downloads: [makeDownload({ id: 'd1' })] }];
  const server = new FakeRoutes({
    'GET /api/model-admin/downloads': () => lists.shift(),
    'POST /api/model-admin/downloads/d1/resume': () => makeDownload({ id: 'd1' }),
  });
  const files = useModelFiles();
  const reading = files.refreshDownloads();
  await files.resume('d1');
  late.resolve({ downloads: [makeDownload({ id: 'd1', state: 'failed' })] });
  await reading;
  expect(files.downloads.map(({ state }) => state)).toEqual(['running']);
  expect(server.calls).toHaveLength(3);
});
