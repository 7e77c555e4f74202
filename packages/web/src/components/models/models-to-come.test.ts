import { flushPromises } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import type { ModelDownload, VendorModel } from '@parley/contracts';
import { useToasts } from '../../stores/toasts.ts';
import { refusal } from '../../testing/fake-routes.ts';
import {
  makeAdminModel,
  makeConnection,
  makeDownload,
  makeLibraryModel,
  makeOverview,
  makeVendorModel,
} from '../../testing/make-models.ts';
import { find, get, press, submit, textOf, type } from '../../testing/on-page.ts';
import { useModelsPage } from '../../testing/use-models-page.ts';

const open = useModelsPage();
const toasts = () => useToasts().toasts.map(({ text }) => text);
const focused = () => (document.activeElement as HTMLElement).dataset['testid'];
const gone = () => new Response(null, { status: 204 });

describe('the models of a server', () => {
  const TRY = 'POST /api/model-admin/connections/try';
  const CONNECT = 'POST /api/model-admin/connections';
  const made = makeAdminModel({ name: 'mine', connection_id: 'k1' });
  const tried = (models: VendorModel[]) => () => ({
    provider: 'custom',
    base_url: 'http://gpu.lan/v1',
    tested: null,
    models,
  });
  const reach = async (address = 'gpu.lan') => {
    await press('add-server');
    await type('server-url', address);
    await submit('server-form');
  };

  it('are counted for the connection that was made, also when another tab has made one since', async () => {
    const connections = [makeConnection({ id: 'k2', created_at: 9 }), makeConnection({ id: 'k1', created_at: 5 })];
    const other = ['a', 'b'].map((name) => makeAdminModel({ name, connection_id: 'k2' }));
    const answer = { ...makeOverview({ connections, models: [made, ...other] }), connection_id: 'k1' };
    await open({}, { [TRY]: tried([makeVendorModel({ id: 'mine' })]), [CONNECT]: () => answer }, 'connections');
    await reach();
    await submit('vendor-models');
    expect(toasts()).toEqual(['1 model has been added.']);
  });

  it('are named by whoever knows them where the server gives no list', async () => {
    const answer = { ...makeOverview({ models: [made] }), connection_id: 'k1' };
    const { server } = await open({}, { [TRY]: tried([]), [CONNECT]: () => answer }, 'connections');
    await reach();
    expect(textOf('vendor-none')).toContain('No list of models is given there');
    expect(get('connection-save').matches(':disabled')).toBe(true);
    await type('vendor-named', ' mine ');
    await submit('vendor-models');
    expect(server.sentTo(CONNECT)).toMatchObject([{ models: [{ upstream_model: 'mine', purpose: 'chat' }] }]);
  });

  it('say so where none has the name that is looked for', async () => {
    const many = Array.from({ length: 9 }, (_, index) => makeVendorModel({ id: `model-${index}` }));
    await open({}, { [TRY]: tried(many) }, 'connections');
    await reach();
    await type('vendor-search', 'nothing like it');
    expect(textOf('vendor-models')).toContain('No model has this name.');
  });

  it('are asked for at no address of another kind', async () => {
    const { server } = await open({}, {}, 'connections');
    await reach('ftp://gpu.lan');
    expect(textOf('server-form')).toContain('Type an address like');
    expect(server.sentTo(TRY)).toEqual([]);
  });

  it('are said to be those of the vendor that the key looks like, also when another is chosen', async () => {
    await open({}, {}, 'connections');
    await press('add-key');
    await type('key-input', 'gsk_abcdefghijklmnop1234');
    await type('provider-choice', 'openai');
    expect(textOf('provider-hint')).toBe('This looks like a key of Groq.');
  });

  it('are asked for at another address of a vendor without its https', async () => {
    const { server } = await open({}, { [TRY]: tried([]) }, 'connections');
    await press('add-key');
    await type('key-input', 'gsk_abcdefghijklmnop1234');
    const folded = document.querySelector('details')!;
    folded.open = true;
    folded.dispatchEvent(new Event('toggle'));
    await flushPromises();
    await type('key-address', 'proxy.lan/v1');
    await submit('key-form');
    expect(server.sentTo(TRY)).toMatchObject([{ base_url: 'https://proxy.lan/v1' }]);
  });
});

describe('a change of a connection', () => {
  it('is taken back when its dialog is closed while the server still tests it', async () => {
    const { promise } = Promise.withResolvers<never>();
    await open(
      { connections: [makeConnection({ id: 'k1' })] },
      { 'PATCH /api/model-admin/connections/k1': () => promise },
      'connections',
    );
    const sent = vi.spyOn(globalThis, 'fetch');
    await press('connection-key');
    await type('new-key', 'sk-new');
    await submit('key-save');
    const signal = sent.mock.calls.find(([, init]) => init?.method === 'PATCH')?.[1]?.signal;
    expect(signal?.aborted).toBe(false);
    await press('dialog-close');
    expect(signal?.aborted).toBe(true);
  });
});

describe('local models', () => {
  const startLocal = (downloads: ModelDownload[], answers: Parameters<typeof open>[1] = {}) =>
    open(
      {},
      {
        'GET /api/model-admin/library': () => ({ models: [makeLibraryModel()], files: [] }),
        'GET /api/model-admin/downloads': () => ({ downloads }),
        ...answers,
      },
      'local',
    );

  it('say that the server does not answer instead of a download that seems to run', async () => {
    let isDown = false;
    await startLocal([], {
      'GET /api/model-admin/downloads': () =>
        isDown ? refusal('internal_error', 500) : { downloads: [makeDownload({ id: 'd1' })] },
    });
    isDown = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(textOf('downloads-old')).toContain('The server does not answer right now');
    isDown = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(find('downloads-old')).toBeNull();
  });

  it('keep the focus when the download that had it goes', async () => {
    await startLocal([makeDownload({ id: 'd1' })], { 'DELETE /api/model-admin/downloads/d1': gone });
    get('download-cancel').focus();
    await press('download-cancel');
    expect([find('download-row'), focused()]).toEqual([null, 'local-models']);
  });

  it('keep the focus at the button that began a download, and fetch nothing twice', async () => {
    const begun = makeDownload({ id: 'd1' });
    const { server } = await startLocal([begun], { 'POST /api/model-admin/downloads': () => begun });
    get('library-get').focus();
    await press('library-get');
    expect([focused(), get('library-get').matches(':disabled')]).toEqual(['library-get', false]);
    expect(server.sentTo('POST /api/model-admin/downloads')).toEqual([]);
  });

  it('say what is wrong with a file in the server’s words', async () => {
    const file = { file: 'own.gguf', size_bytes: 4e9, used_by: [] };
    await startLocal([], {
      'GET /api/model-admin/library': () => ({ models: [], files: [file] }),
      'POST /api/model-admin/models': () => refusal('model_file_unreadable', 422),
    });
    get('file-use').focus();
    await press('file-use');
    expect(toasts()[0]).toContain('Why.');
    expect(focused()).toBe('file-use');
  });
});
