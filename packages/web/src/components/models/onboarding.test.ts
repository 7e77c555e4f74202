import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AdminModel, ModelView } from '@parley/contracts';
import { useModels } from '../../stores/models.ts';
import { useSession } from '../../stores/session.ts';
import { FakeRoutes, refusal } from '../../testing/fake-routes.ts';
import {
  makeAdminModel,
  makeConnection,
  makeDownload,
  makeLibraryModel,
  makeModelView,
  makeOverview,
  makeVendorModel,
} from '../../testing/make-models.ts';
import { memoryRouter } from '../../testing/memory-router.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import EmptyStarts from '../empty-starts.vue';

let part: VueWrapper;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  part.unmount();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const guide = makeModelView({ name: 'guide', kind: 'extractive', knowledge: 'guide' });
const TRY = 'POST /api/model-admin/connections/try';
const CONNECT = 'POST /api/model-admin/connections';
/** Its form tells one vendor. */
const GROQ_KEY = 'gsk_abcdefghijklmnop1234';
/** Its form is that of several. */
const PLAIN_KEY = 'sk-0123456789abcdef0123456789abcdef';

/** FAKE state of a server: what it answers changes as the test goes on. */
function startServer(answers: ConstructorParameters<typeof FakeRoutes>[0] = {}) {
  const state = { models: [guide] as ModelView[], admin: [] as AdminModel[] };
  const connection = makeConnection({ id: 'k1', provider: 'groq' });
  const overview = () => makeOverview({ models: state.admin, connections: [connection] });
  const server = new FakeRoutes({
    'GET /api/models': () => ({ models: state.models }),
    'GET /api/model-admin': overview,
    'GET /api/model-admin/downloads': () => ({ downloads: [] }),
    'GET /api/model-admin/library': () => ({ models: [makeLibraryModel()], files: [] }),
    [TRY]: () => ({
      provider: 'groq',
      base_url: 'https://api.groq.com/openai/v1',
      tested: { model: 'small', total_ms: 420 },
      models: [makeVendorModel({ id: 'small', label: 'Small', is_recommended: true }), makeVendorModel({ id: 'big' })],
    }),
    [CONNECT]: () => {
      state.admin = [makeAdminModel({ name: 'small', connection_id: 'k1', state: 'starting' })];
      return { ...overview(), connection_id: 'k1' };
    },
    ...answers,
  });
  return { state, server };
}

async function start(role: 'owner' | 'member' = 'owner'): Promise<void> {
  part = mountPagePart(EmptyStarts, { props: { model: guide, hasKnowledge: false }, router: memoryRouter() });
  const account = { id: 'u', name: 'Ada', role, has_password: true };
  useSession().state = { account, sign_in: 'password', is_loopback_only: true };
  await useModels().refresh();
  // The card is loaded when it is needed.
  await vi.dynamicImportSettled();
  await flushPromises();
}
const find = (id: string) => part.find(`[data-testid="${id}"]`);
const get = (id: string) => part.get(`[data-testid="${id}"]`);
const press = async (id: string) => {
  await get(id).trigger('click');
  await flushPromises();
};
const submit = async (id: string) => {
  await get(id).trigger('submit');
  await flushPromises();
};
const pass = async (milliseconds: number) => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await flushPromises();
};

it('offers the three ways when nothing but the guide answers, and the guide below them', async () => {
  startServer();
  await start();
  for (const way of ['key', 'server', 'local']) expect(find(`way-${way}`).exists()).toBe(true);
  expect(part.text()).toContain('or ask the guide about Parley');
  await press('suggestion');
  expect(part.emitted('ask')).toHaveLength(1);
});

it('moves the focus into the way that is opened, and back to its button', async () => {
  startServer();
  await start();
  await press('way-key');
  expect(document.activeElement).toBe(get('key-input').element);
  await press('way-back');
  expect(document.activeElement).toBe(get('way-key').element);
});

it('shows a download that goes on, and leaves the focus to whoever writes', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  startServer({ 'GET /api/model-admin/downloads': () => promise });
  await start();
  const composer = document.body.appendChild(document.createElement('textarea'));
  composer.focus();
  resolve({ downloads: [makeDownload({ id: 'd1' })] });
  await flushPromises();
  expect(find('download-row').exists()).toBe(true);
  expect(document.activeElement).toBe(composer);
  composer.remove();
});

it('offers nothing where a model is ready or on its way', async () => {
  for (const state of ['ready', 'loading'] as const) {
    const server = startServer();
    server.state.models = [guide, makeModelView({ name: 'glm', state })];
    await start();
    expect(find('onboarding-card').exists()).toBe(false);
    if (state === 'ready') part.unmount();
  }
});

it('tells members that an owner can add models', async () => {
  const { server } = startServer();
  await start('member');
  expect(find('onboarding-card').exists()).toBe(false);
  expect(get('member-note').text()).toContain('An owner of this Parley can add models');
  expect(server.calls.filter(({ path }) => path.includes('model-admin'))).toEqual([]);
});

it('leads from a key to a chat: recognised, tried, models ticked, saved, waited for, chosen', async () => {
  const { state, server } = startServer();
  await start();
  await press('way-key');
  await get('key-input').setValue(GROQ_KEY);
  expect((get('provider-choice').element as HTMLSelectElement).value).toBe('groq');
  expect(get('provider-hint').text()).toBe('This looks like a key of Groq.');
  await submit('key-form');
  expect(server.sentTo(TRY)).toEqual([{ provider: 'groq', api_key: GROQ_KEY }]);
  expect(get('connection-tested').text()).toContain('Groq answers: small in 0.42 s');
  await submit('vendor-models');
  expect(server.sentTo(CONNECT)).toMatchObject([
    { provider: 'groq', api_key: GROQ_KEY, models: [{ upstream_model: 'small', label: 'Small', purpose: 'chat' }] },
  ]);
  expect(get('awaited-model').text()).toContain('Starting small');
  state.models = [guide, makeModelView({ name: 'small' })];
  await pass(1000);
  expect(part.emitted('pick')).toEqual([['small']]);
  expect(find('onboarding-card').exists()).toBe(false);
});

it('chooses a model that answers at once, too', async () => {
  const { state } = startServer();
  await start();
  await press('way-key');
  await get('key-input').setValue(GROQ_KEY);
  await submit('key-form');
  state.models = [guide, makeModelView({ name: 'small' })];
  // As when the picker is opened.
  await useModels().refresh();
  await submit('vendor-models');
  await pass(1000);
  expect(part.emitted('pick')).toEqual([['small']]);
  expect(find('onboarding-card').exists()).toBe(false);
});

it('shows a key of a common form to nobody before its vendor is chosen', async () => {
  const { server } = startServer();
  await start();
  await press('way-key');
  await get('key-input').setValue(PLAIN_KEY);
  expect(get('provider-hint').text()).toContain('Several vendors have keys like this one');
  expect(get('connection-continue').attributes('disabled')).toBeDefined();
  await submit('key-form');
  expect(server.sentTo(TRY)).toEqual([]);
  await get('provider-choice').setValue('deepseek');
  await submit('key-form');
  expect(server.sentTo(TRY)).toEqual([{ provider: 'deepseek', api_key: PLAIN_KEY }]);
});

it('says plainly why a key was refused, with the vendor’s words, and keeps it', async () => {
  startServer({ [TRY]: () => refusal('provider_key_refused', 502) });
  await start();
  await press('way-key');
  await get('key-input').setValue(GROQ_KEY);
  await submit('key-form');
  expect(get('connection-problem').text()).toContain('refused');
  expect(get('connection-problem').text()).toContain('Why.');
  expect((get('key-input').element as HTMLInputElement).value).toBe(GROQ_KEY);
});

it('gives a trial up when it is cancelled, whatever comes of it', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  startServer({ [TRY]: () => promise });
  await start();
  await press('way-key');
  await get('key-input').setValue(GROQ_KEY);
  await submit('key-form');
  await press('connection-cancel');
  expect(find('connection-trying').exists()).toBe(false);
  resolve(refusal('provider_key_refused', 502));
  await flushPromises();
  expect(find('connection-problem').exists()).toBe(false);
});

it('connects a server that was found on this machine', async () => {
  const found = { provider: 'ollama', label: 'Ollama', base_url: 'http://127.0.0.1:11434/v1' };
  const { server } = startServer({ 'GET /api/model-admin/servers': () => ({ servers: [found] }) });
  await start();
  await press('way-server');
  await press('find-servers');
  expect(get('found-server').text()).toContain('http://127.0.0.1:11434/v1');
  await press('found-server');
  expect(server.sentTo(TRY)).toEqual([{ provider: 'ollama', base_url: 'http://127.0.0.1:11434/v1' }]);
  expect(find('vendor-models').exists()).toBe(true);
});

it('connects a server by its address, and goes back to it', async () => {
  const { server } = startServer();
  await start();
  await press('way-server');
  await get('server-url').setValue('gpu.lan:9000');
  await get('server-key').setValue('secret');
  await submit('server-form');
  expect(server.sentTo(TRY)).toEqual([
    { provider: 'custom', base_url: 'http://gpu.lan:9000/v1', name: 'gpu.lan:9000', api_key: 'secret' },
  ]);
  await press('connection-back');
  expect((get('server-url').element as HTMLInputElement).value).toBe('gpu.lan:9000');
  await get('server-url').setValue('not an address');
  await submit('server-form');
  expect(part.text()).toContain('Type an address like');
  expect(server.sentTo(TRY)).toHaveLength(1);
});

it('gets a local model: fetched, loaded with its percent, chosen', async () => {
  const download = makeDownload({ id: 'd1' });
  let downloads = [] as (typeof download)[];
  const { state, server } = startServer({
    'GET /api/model-admin/downloads': () => ({ downloads }),
    'POST /api/model-admin/downloads': () => {
      downloads = [download];
      return download;
    },
  });
  await start();
  await press('way-local');
  expect(get('library-model').text()).toContain('Apache-2.0');
  expect(get('library-model').text()).toContain('needs 1.2 GB of memory');
  expect(get('library-model').text()).toContain('English, Chinese');
  await press('library-get');
  expect(server.sentTo('POST /api/model-admin/downloads')).toEqual([{ source: 'hf:acme/tiny/tiny.gguf' }]);
  expect(get('download-row').text()).toContain('200 MB of 800 MB · 10 MB/s · 60 s left');
  expect(get('download-percent').text()).toBe('25%');
  downloads = [{ ...download, state: 'done', received_bytes: 800e6, model: 'tiny' }];
  state.admin = [makeAdminModel({ name: 'tiny', kind: 'local', state: 'loading', loading_percent: 40 })];
  state.models = [guide, makeModelView({ name: 'tiny', kind: 'local', state: 'loading', loading_percent: 40 })];
  await pass(1000);
  expect(get('awaited-model').text()).toContain('Loading tiny… 40%');
  state.models = [guide, makeModelView({ name: 'tiny', kind: 'local' })];
  await pass(1000);
  expect(part.emitted('pick')).toEqual([['tiny']]);
});

it('fetches a file that stands in no list, with its digest, and says what is wrong with an address', async () => {
  const source = 'hf:acme/other/other.gguf';
  const sha256 = 'a'.repeat(64);
  let isRefused = true;
  const { server } = startServer({
    'POST /api/model-admin/downloads': () =>
      isRefused ? refusal('invalid_request') : makeDownload({ id: 'd1', source }),
  });
  await start();
  await press('way-local');
  await get('source-input').setValue('other');
  await submit('own-source');
  expect(get('source-problem').text()).toContain('Why.');
  expect((get('source-input').element as HTMLInputElement).value).toBe('other');
  isRefused = false;
  await get('source-input').setValue(source);
  const details = part.get('[data-testid="own-source"] details');
  (details.element as HTMLDetailsElement).open = true;
  await details.trigger('toggle');
  await get('source-sha256').setValue(sha256);
  await submit('own-source');
  expect(server.sentTo('POST /api/model-admin/downloads')).toEqual([{ source: 'other' }, { source, sha256 }]);
  expect(find('source-problem').exists()).toBe(false);
  expect((get('source-input').element as HTMLInputElement).value).toBe('');
});

it('does not wait for a model that cannot chat, and offers the list again', async () => {
  const file = { file: 'embed.gguf', size_bytes: 1e6, used_by: [] };
  const embedding = makeAdminModel({ name: 'embed', kind: 'local', purpose: 'embedding', state: 'loading' });
  const { state } = startServer({
    'GET /api/model-admin/library': () => ({ models: [], files: [file] }),
    'POST /api/model-admin/models': () => {
      state.admin = [embedding];
      return embedding;
    },
  });
  await start();
  await press('way-local');
  await press('file-use');
  expect(find('awaited-model').exists()).toBe(false);
  expect(find('local-models').exists()).toBe(true);
  expect(part.emitted('pick')).toBeUndefined();
});

it('says that the server does not answer while a model is waited for, and goes on when it does', async () => {
  let isDown = false;
  const { state } = startServer({
    'GET /api/models': () => (isDown ? refusal('internal_error', 500) : { models: state.models }),
  });
  await start();
  await press('way-key');
  await get('key-input').setValue(GROQ_KEY);
  await submit('key-form');
  isDown = true;
  await submit('vendor-models');
  expect(get('awaited-old').text()).toContain('The server does not answer right now');
  isDown = false;
  await pass(1000);
  expect(get('awaited-model').text()).toContain('Starting small');
});

it('lets go of a model that takes its time', async () => {
  const { state } = startServer();
  await start();
  await press('way-key');
  await get('key-input').setValue(GROQ_KEY);
  await submit('key-form');
  await submit('vendor-models');
  await press('awaited-back');
  expect(find('awaited-model').exists()).toBe(false);
  state.models = [guide, makeModelView({ name: 'small' })];
  await pass(2000);
  expect(part.emitted('pick')).toBeUndefined();
});

it('goes on with a download that failed, and cancels one', async () => {
  const error = { code: 'download_failed', message: 'The connection was cut.' } as const;
  let downloads = [makeDownload({ id: 'd1', state: 'failed', error })];
  const { server } = startServer({
    'GET /api/model-admin/downloads': () => ({ downloads }),
    'POST /api/model-admin/downloads/d1/resume': () => {
      downloads = [makeDownload({ id: 'd1' })];
      return downloads[0];
    },
    'DELETE /api/model-admin/downloads/d1': () => {
      downloads = [];
      return new Response(null, { status: 204 });
    },
  });
  await start();
  await press('way-local');
  expect(get('download-problem').text()).toContain('The connection was cut.');
  expect(get('download-resume').text()).toBe('Go on');
  await press('download-resume');
  expect(get('download-row').attributes('data-state')).toBe('running');
  await press('download-cancel');
  expect(find('download-row').exists()).toBe(false);
  expect(server.sentTo('DELETE /api/model-admin/downloads/d1')).toHaveLength(1);
});

it('warns of a model that needs more memory than is free, and offers none that does not fit the disk', async () => {
  const models = [
    makeLibraryModel({ memory_bytes: 9e9 }),
    makeLibraryModel({ source: 'hf:a/b/c.gguf', size_bytes: 1e12 }),
  ];
  startServer({ 'GET /api/model-admin/library': () => ({ models, files: [] }) });
  await start();
  await press('way-local');
  const [memory, disk] = part.findAll('[data-testid="library-model"]');
  expect(memory?.text()).toContain('Only 6 GB of memory are free now');
  expect(disk?.text()).toContain('Only 80 GB are free on the disk');
  expect(disk?.get('[data-testid="library-get"]').attributes('disabled')).toBeDefined();
});
