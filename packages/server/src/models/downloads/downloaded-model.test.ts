import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ModelDownload } from '@parley/contracts';
import { makeGguf, waitUntil } from '@parley/service-kit/testing';
import { openDatabase } from '../../database/open-database.ts';
import { FakeHub } from '../../testing/fake-hub.ts';
import { ModelServer } from '../testing/model-server.ts';
import { DownloadsRepository } from './downloads.repository.ts';

const hub = new FakeHub();
let server: ModelServer;

beforeEach(async () => {
  server = new ModelServer();
  hub.put('owner/repo/tiny.gguf', makeGguf());
  await server.start({ hub_endpoint: await hub.start() });
});
afterEach(async () => {
  await server.dispose();
  await hub.stop();
});

async function untilDone(): Promise<ModelDownload | undefined> {
  let downloads: ModelDownload[] = [];
  await waitUntil(async () => {
    ({ downloads } = await server.admin<{ downloads: ModelDownload[] }>('/downloads'));
    return downloads[0]?.state === 'done' || downloads[0]?.state === 'failed';
  }, 'end of the download');
  return downloads[0];
}

/** As a kill leaves the row when the model was made and that was not noted any more. */
async function forgetModel(id: string): Promise<void> {
  const db = await openDatabase({ home: server.home, now: () => 0 });
  await new DownloadsRepository(db).update(id, { state: 'checking', model: null }, 0);
  await db.destroy();
}

it('a file becomes one model, also when the server is killed before it has noted that', async () => {
  const body = { source: 'hf:owner/repo/tiny.gguf' };
  const { id } = await server.admin<ModelDownload>('/downloads', { method: 'POST', body });
  expect(await untilDone()).toMatchObject({ state: 'done', model: 'tiny', error: null });
  await server.close();
  await forgetModel(id);
  await server.start({ hub_endpoint: hub.endpoint });
  expect(await untilDone()).toMatchObject({ state: 'done', model: 'tiny', error: null });
  const { models } = await server.admin();
  expect(models.filter(({ file }) => file !== null)).toMatchObject([{ name: 'tiny', file: 'tiny.gguf' }]);
});
