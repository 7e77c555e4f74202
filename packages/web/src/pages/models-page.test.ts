import { flushPromises } from '@vue/test-utils';
import { expect, it, vi } from 'vitest';
import type { AdminModel } from '@parley/contracts';
import { useToasts } from '../stores/toasts.ts';
import { refusal } from '../testing/fake-routes.ts';
import { makeAdminModel, makeConnection, makeOverview, makeVendorModel } from '../testing/make-models.ts';
import { find, get, press, submit, textOf, type } from '../testing/on-page.ts';
import { tinyModel as tiny } from '../testing/open-models-page.ts';
import { useModelsPage } from '../testing/use-models-page.ts';

const open = useModelsPage();
const toasts = () => useToasts().toasts.map(({ text }) => text);

it('shows each model with what its process does, and the machine', async () => {
  await open({ models: [tiny] });
  expect(textOf('model-state')).toBe('Ready');
  expect(textOf('model-facts')).toBe('812 MB memory3 running1 waiting45.3 tokens/s');
  expect(textOf('machine-facts')).toContain('6 GB of 16 GB memory free');
  expect(textOf('machine-facts')).toContain('80 GB free on disk');
  expect(textOf('model-access')).toBe('Everyone');
});

it('counts the percent of a model that loads, without being asked', async () => {
  const loading = (percent: number): AdminModel => ({
    ...tiny,
    state: 'loading',
    loading_percent: percent,
    process: null,
  });
  const { state } = await open({ models: [loading(10)] });
  expect(textOf('model-state')).toBe('Loading… 10%');
  state.overview = makeOverview({ models: [loading(60)] });
  await vi.advanceTimersByTimeAsync(2000);
  expect(textOf('model-state')).toBe('Loading… 60%');
});

it('keeps what it shows while the server does not answer, and says so', async () => {
  let isDown = false;
  await open(
    {},
    { 'GET /api/model-admin': () => (isDown ? refusal('internal_error', 500) : makeOverview({ models: [tiny] })) },
  );
  isDown = true;
  await vi.advanceTimersByTimeAsync(2000);
  expect(find('models-old')).not.toBeNull();
  expect(find('model-row')).not.toBeNull();
});

it('tests a model: first token, speed, the beginning of its answer', async () => {
  const tested = { total_ms: 900, first_token_ms: 120.4, tokens_per_second: 31, answer: 'Hello there' };
  await open({ models: [tiny] }, { 'POST /api/model-admin/models/tiny/test': () => tested });
  await press('model-test');
  expect(textOf('test-figures')).toBe('First token after120 msSpeed31 tokens/sWhole answer after900 ms');
  expect(textOf('test-answer')).toBe('Hello there');
});

it('releases a model and loads it again', async () => {
  const released: AdminModel = { ...tiny, state: 'released', process: null };
  await open(
    { models: [tiny] },
    {
      'POST /api/model-admin/models/tiny/release': () => released,
      'POST /api/model-admin/models/tiny/load': () => ({ ...released, state: 'loading' }),
    },
  );
  await press('model-release');
  expect(textOf('model-state')).toBe('Released');
  expect(find('model-test')).toBeNull();
  await press('model-load');
  expect(textOf('model-state')).toBe('Loading…');
  expect(toasts()).toEqual(['Tiny 1B is released.', 'Tiny 1B is being loaded.']);
});

it('shows the log of a model', async () => {
  await open({ models: [tiny] }, { 'GET /api/model-admin/models/tiny/log': () => ({ lines: ['one', 'two'] }) });
  await press('model-log');
  expect(get('log-lines').textContent).toBe('one\ntwo');
});

it('saves only what was changed, and who may use it', async () => {
  const { server } = await open({ models: [tiny] }, { 'PATCH /api/model-admin/models/tiny': () => tiny });
  await press('model-edit');
  await type('edit-label', 'Our tiny');
  await type('local-parallel', '4');
  (get('access-chosen').querySelector('input') as HTMLInputElement).click();
  await flushPromises();
  await type('access-name', 'Bob');
  await submit('edit-form');
  expect(server.sentTo('PATCH /api/model-admin/models/tiny')).toEqual([
    { label: 'Our tiny', access: { mode: 'chosen', users: ['Bob'] }, local: { ...tiny.local!, parallel: 4 } },
  ]);
  expect(find('edit-dialog')).toBeNull();
});

it('leaves to the worker how many layers fit when no number of them was typed', async () => {
  const fixed = { ...tiny, local: { ...tiny.local!, gpu_layers: 12 } };
  const { server } = await open({ models: [fixed] }, { 'PATCH /api/model-admin/models/tiny': () => tiny });
  await press('model-edit');
  await type('local-layers', '');
  await submit('edit-form');
  expect(server.sentTo('PATCH /api/model-admin/models/tiny')).toEqual([{ local: tiny.local }]);
});

it('locks what the configuration file sets, but for who may use it', async () => {
  const set = makeAdminModel({ name: 'glm', origin: 'config-file' });
  const { server } = await open({ models: [set] }, { 'PATCH /api/model-admin/models/glm': () => set });
  expect(textOf('model-locked')).toContain('Set in the configuration file');
  expect(find('model-delete')).toBeNull();
  await press('model-edit');
  expect(get('edit-label').closest('fieldset:disabled, fieldset[disabled]')).not.toBeNull();
  (get('access-owner').querySelector('input') as HTMLInputElement).click();
  await submit('edit-form');
  expect(server.sentTo('PATCH /api/model-admin/models/glm')).toEqual([{ access: { mode: 'owner', users: [] } }]);
});

it('deletes a model, and its file only when asked to', async () => {
  const { server } = await open(
    { models: [tiny] },
    { 'DELETE /api/model-admin/models/tiny': () => new Response(null, { status: 204 }) },
  );
  await press('model-delete');
  (get('delete-file') as HTMLInputElement).click();
  await submit('delete-confirm');
  expect(server.calls.find(({ method }) => method === 'DELETE')?.path).toBe(
    '/api/model-admin/models/tiny?with_file=true',
  );
});

it('names the variable that a model waits for', async () => {
  await open({ models: [makeAdminModel({ name: 'glm', state: 'needs-key', needs_key: 'ACME_API_KEY' })] });
  expect(textOf('model-row')).toContain('set ACME_API_KEY in the file .env');
  expect(find('model-release')).toBeNull();
});

it('sets how many requests a vendor’s model takes at once, and gives that back to the default', async () => {
  const glm = makeAdminModel({ name: 'glm', concurrency: 4 });
  const { server } = await open({ models: [glm] }, { 'PATCH /api/model-admin/models/glm': () => glm });
  for (const typed of ['8', '']) {
    await press('model-edit');
    expect((get('edit-concurrency') as HTMLInputElement).value).toBe('4');
    await type('edit-concurrency', typed);
    await submit('edit-form');
  }
  expect(server.sentTo('PATCH /api/model-admin/models/glm')).toEqual([{ concurrency: 8 }, { concurrency: null }]);
});

it('offers nothing that needs a launcher where there is none', async () => {
  await open({ models: [tiny], can_manage: false });
  expect(find('cannot-manage')).not.toBeNull();
  expect(['replace', 'release', 'load'].map((action) => find(`model-${action}`))).toEqual([null, null, null]);
  expect(find('model-test')).not.toBeNull();
});

it('adds the models of a vendor that are not there yet', async () => {
  const added = makeAdminModel({ name: 'pro', connection_id: 'k1', upstream_model: 'pro' });
  const { server } = await open(
    {
      connections: [makeConnection({ id: 'k1' })],
      models: [makeAdminModel({ name: 'flash', connection_id: 'k1', upstream_model: 'flash' })],
    },
    {
      'GET /api/model-admin/connections/k1/models': () => ({
        models: [makeVendorModel({ id: 'flash', is_recommended: true }), makeVendorModel({ id: 'pro' })],
      }),
      'POST /api/model-admin/connections/k1/models': () => makeOverview({ models: [added] }),
    },
    'connections',
  );
  expect(textOf('connection-row')).toContain('Key …9aK2');
  await press('connection-add');
  expect(document.querySelectorAll('[data-testid="vendor-model"]')).toHaveLength(1);
  (get('vendor-model').querySelector('input') as HTMLInputElement).click();
  await flushPromises();
  await submit('vendor-models');
  expect(server.sentTo('POST /api/model-admin/connections/k1/models')).toMatchObject([
    { models: [{ upstream_model: 'pro' }] },
  ]);
  expect(toasts()).toEqual(['1 model has been added.']);
});

it('changes a key, and keeps the dialog when the new one is refused', async () => {
  let isRefused = true;
  const { server } = await open(
    { connections: [makeConnection({ id: 'k1' })] },
    { 'PATCH /api/model-admin/connections/k1': () => (isRefused ? refusal('provider_key_refused', 502) : {}) },
    'connections',
  );
  await press('connection-key');
  await type('new-key', 'sk-new');
  await submit('key-save');
  expect(textOf('key-problem')).toContain('Why.');
  isRefused = false;
  await submit('key-save');
  expect(server.sentTo('PATCH /api/model-admin/connections/k1').at(-1)).toEqual({ api_key: 'sk-new' });
  expect(find('key-dialog')).toBeNull();
});

it('renames a connection without a test, tests a new address, and asks for the key of another host', async () => {
  const { server } = await open(
    { connections: [makeConnection({ id: 'k1' })] },
    { 'PATCH /api/model-admin/connections/k1': () => ({}) },
    'connections',
  );
  await press('connection-edit');
  await type('connection-name', 'Ours');
  await submit('connection-edit-form');
  await press('connection-edit');
  await type('connection-address', 'https://api.deepseek.com/beta');
  await submit('connection-edit-form');
  await press('connection-edit');
  await type('connection-address', 'https://proxy.lan/v1');
  await type('connection-new-key', 'sk-proxy');
  await submit('connection-edit-form');
  expect(server.sentTo('PATCH /api/model-admin/connections/k1')).toEqual([
    { name: 'Ours' },
    { base_url: 'https://api.deepseek.com/beta' },
    { base_url: 'https://proxy.lan/v1', api_key: 'sk-proxy' },
  ]);
  expect(find('connection-edit-dialog')).toBeNull();
});

it('deletes a connection only after it has named the models that go with it', async () => {
  const { server } = await open(
    {
      connections: [makeConnection({ id: 'k1' })],
      models: [makeAdminModel({ name: 'flash', label: 'Flash', connection_id: 'k1' })],
    },
    { 'DELETE /api/model-admin/connections/k1': () => new Response(null, { status: 204 }) },
    'connections',
  );
  await press('connection-delete');
  expect(textOf('confirm-dialog')).toContain('Flash');
  expect(server.sentTo('DELETE /api/model-admin/connections/k1')).toEqual([]);
  await submit('confirm-action');
  expect(server.sentTo('DELETE /api/model-admin/connections/k1')).toHaveLength(1);
});

it('makes a model of a file in the folder', async () => {
  const file = { file: 'own.gguf', size_bytes: 4e9, used_by: [] };
  const { server } = await open(
    {},
    {
      'GET /api/model-admin/library': () => ({ models: [], files: [file] }),
      'GET /api/model-admin/downloads': () => ({ downloads: [] }),
      'POST /api/model-admin/models': () => makeAdminModel({ name: 'own', kind: 'local' }),
    },
    'local',
  );
  await press('file-use');
  expect(server.sentTo('POST /api/model-admin/models')).toEqual([{ file: 'own.gguf' }]);
  expect(toasts()).toEqual(['own has been added.']);
});

it('offers every way to a model on its first tab, also where there is none yet', async () => {
  await open({});
  expect(['add-key', 'add-server', 'add-local'].filter((id) => find(id) === null)).toEqual([]);
  get('add-local').focus();
  await press('add-local');
  expect([get('tab-local').dataset['state'], document.activeElement]).toEqual(['active', get('tab-local')]);
});

it('counts restarts as people do', async () => {
  const restarted = (name: string, restarts: number) => ({ ...tiny, name, process: { ...tiny.process!, restarts } });
  const { part } = await open({ models: [restarted('a', 1), restarted('b', 2)] });
  const facts = part.findAll('[data-testid="model-facts"]').map((one) => one.text());
  expect(facts.map((text) => text.split('tokens/s')[1])).toEqual(['restarted once', 'restarted 2 times']);
});
