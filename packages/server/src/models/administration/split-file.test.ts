import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AdminModel, ModelDownload, ModelLibrary } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { FakeHub } from '../../testing/fake-hub.ts';
import { makePart, makeSplitModel, partName, putSplitModel, SPLIT_SOURCE } from '../downloads/testing/split-model.ts';
import { ModelServer } from '../testing/model-server.ts';

const hub = new FakeHub();
const parts = makeSplitModel(1_000);
const total = parts.reduce((sum, { length }) => sum + length, 0);
let server: ModelServer;

beforeEach(async () => {
  server = new ModelServer();
  await server.start({ hub_endpoint: await hub.start() });
});
afterEach(async () => {
  await server.dispose();
  await hub.stop();
});

const place = (part: number) => join(server.home, 'models', partName(part));
function putFiles(): void {
  mkdirSync(join(server.home, 'models'), { recursive: true });
  for (const [index, bytes] of parts.entries()) writeFileSync(place(index + 1), bytes);
}
const add = (file: string) => server.admin<AdminModel>('/models', { method: 'POST', body: { file } });
const refusedAdd = (file: string) => server.refusal('/models', { method: 'POST', body: { file } });

it('a split model that is downloaded becomes one model of its first file', async () => {
  putSplitModel(hub, parts);
  await server.admin('/downloads', { method: 'POST', body: { source: SPLIT_SOURCE } });
  const download = async () => (await server.admin<{ downloads: ModelDownload[] }>('/downloads')).downloads[0];
  await waitUntil(async () => ['done', 'failed'].includes((await download())?.state ?? ''), 'end of the download');
  expect(await download()).toMatchObject({ state: 'done', model: 'big', error: null });
  expect(await server.model('big')).toMatchObject({ file: partName(1), file_bytes: total, context_length: 4096 });
  expect(server.host.models[0]).toMatchObject({ worker: { model_path: place(1) } });
});

it('a model of any file of it is one of the first, and its end with its file is that of all files', async () => {
  putFiles();
  expect(await add(partName(3))).toMatchObject({ name: 'big', file: partName(1), file_bytes: total });
  const { files } = await server.admin<ModelLibrary>('/library');
  expect(files).toEqual([{ file: partName(1), size_bytes: total, used_by: ['big'] }]);
  const remove = `/api/model-admin/models/big?with_file=true`;
  expect((await server.fetch(remove, { method: 'DELETE' })).status).toBe(204);
  expect([1, 2, 3].map(place).some((path) => existsSync(path))).toBe(false);
});

it('a file of it that is missing or another one is named', async () => {
  putFiles();
  writeFileSync(place(3), makePart(2, 1_000));
  expect(await refusedAdd(partName(1))).toMatchObject({
    code: 'model_file_unreadable',
    message: expect.stringContaining(partName(3)),
  });
  rmSync(place(2));
  expect(await refusedAdd(partName(1))).toMatchObject({
    code: 'model_file_missing',
    message: expect.stringContaining(partName(2)),
  });
});
