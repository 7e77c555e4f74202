import type { AdminModel } from '@parley/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { english } from '../terminal/messages.en.ts';
import { FakeAppServer } from '../testing/fake-app-server.ts';
import { makeModelDownload } from '../testing/make-model-download.ts';
import { editModel, type EditOptions } from './edit-model.ts';
import { cancelDownload } from './model-files.ts';
import { setModelAccess } from './models.ts';

const NOTHING_SET = { context_length: null, parallel: null, gpu_layers: 'auto' as const, num_gpus: null };
const here: AdminModel = {
  name: 'here',
  label: 'here',
  kind: 'local',
  engine: 'llama-cpp',
  purpose: 'chat',
  origin: 'page',
  connection_id: null,
  upstream_model: null,
  file: 'here.gguf',
  file_bytes: 1,
  local: { ...NOTHING_SET, max_gpu_memory_bytes: 8e9, threads: 2 },
  context_length: 512,
  capabilities: { vision: false, tools: false, reasoning: false },
  prices: null,
  concurrency: null,
  access: { mode: 'everyone', users: [] },
  state: 'ready',
  loading_percent: null,
  problem: null,
  needs_key: null,
  process: null,
};
const away: AdminModel = { ...here, name: 'away', kind: 'online', engine: 'zhipu', file: null, local: null };
const overview = {
  models: [here, away],
  connections: [],
  can_manage: true,
  models_folder: '/models',
  free_disk_bytes: 1,
  memory_bytes: 1,
  free_memory_bytes: 1,
};

let server: FakeAppServer;
let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const downloads = [makeModelDownload({ state: 'done' }), makeModelDownload({ id: 'd2' })];
  const remove = (response: { writeHead(status: number): { end(): unknown } }) => {
    response.writeHead(204).end();
  };
  server = new FakeAppServer({
    'GET /api/model-admin': () => overview,
    'PATCH /api/model-admin/models/here': () => here,
    'PATCH /api/model-admin/models/away': () => away,
    'GET /api/model-admin/downloads': () => ({ downloads }),
    'DELETE /api/model-admin/downloads/d1': remove,
    'DELETE /api/model-admin/downloads/d2': remove,
  });
});
afterEach(() => {
  server.close();
  vi.restoreAllMocks();
});

const changes = () => server.sent.filter(({ call }) => call.startsWith('PATCH')).map(({ body }) => body);
const edit = async (name: string, options: EditOptions) => editModel(await server.start(), name, options);

describe('a change of a model', () => {
  it('leaves what is not given, and lets the worker choose what is set to auto', async () => {
    await edit('here', { threads: 'auto', maxGpuMemory: 'auto', parallel: '4' });
    expect(changes()).toEqual([{ local: { ...NOTHING_SET, parallel: 4, max_gpu_memory_bytes: null, threads: null } }]);
  });

  it('without anything to change is refused, and not called done', async () => {
    await expect(edit('here', {})).rejects.toThrow(english.models.nothingToChange);
    expect([changes(), lines]).toEqual([[], []]);
  });

  it('of threads and GPUs is refused for a model that runs elsewhere', async () => {
    await expect(edit('away', { label: 'A', threads: '3' })).rejects.toThrow(english.models.notLocal('away'));
    expect(changes()).toEqual([]);
  });

  it('of its context length is taken for a model that runs elsewhere', async () => {
    await edit('away', { contextLength: '4000' });
    expect(changes()).toEqual([{ context_length: 4000 }]);
  });
});

describe('who may use a model', () => {
  it('is somebody', async () => {
    const context = await server.start();
    await expect(setModelAccess(context, 'here', ' , ')).rejects.toThrow(english.models.wrongAccess(' , '));
    await setModelAccess(context, 'here', 'ada, bob,');
    expect(changes()).toEqual([{ access: { mode: 'chosen', users: ['ada', 'bob'] } }]);
  });
});

it('says of a download that was done already that its file stays', async () => {
  const context = await server.start();
  await cancelDownload(context, 'd1');
  await cancelDownload(context, 'd2');
  expect(lines).toEqual([english.models.doneAlready('tiny.gguf'), english.models.cancelled]);
});
