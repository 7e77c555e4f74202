import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdminModel } from '@parley/contracts';
import { makeGguf } from '@parley/service-kit/testing';
import { addUser } from '../../doors/testing/add-user.ts';
import { fakeModel } from '../../testing/test-server.ts';
import { ModelServer } from '../testing/model-server.ts';

let server: ModelServer;

beforeEach(async () => {
  server = new ModelServer();
  await server.start();
});

afterEach(() => server.dispose());

const patch = (name: string, body: unknown) =>
  server.admin<AdminModel>(`/models/${encodeURIComponent(name)}`, { method: 'PATCH', body });
const refusedPatch = (name: string, body: unknown) => server.refusal(`/models/${name}`, { method: 'PATCH', body });
const add = (body: unknown) => server.admin<AdminModel>('/models', { method: 'POST', body });
const refusedAdd = (body: unknown) => server.refusal('/models', { method: 'POST', body });
const remove = (path: string) => server.fetch(`/api/model-admin/models/${path}`, { method: 'DELETE' });

const METADATA = {
  'general.architecture': 'llama',
  'general.name': 'Tiny Llama',
  'llama.context_length': 2_048,
  'tokenizer.chat_template': '{% if tools %}{{ tools }}{% endif %}',
};
function putFile(name: string, bytes: Buffer = makeGguf(METADATA)): string {
  mkdirSync(join(server.home, 'models'), { recursive: true });
  const path = join(server.home, 'models', name);
  writeFileSync(path, bytes);
  return path;
}

describe('a model of a file', () => {
  it('is named and set by what the file says', async () => {
    const path = putFile('Tiny-Llama.Q8_0.gguf');
    const model = await add({ file: 'Tiny-Llama.Q8_0.gguf', local: { parallel: 2, max_gpu_memory_bytes: 1_000 } });
    expect(model).toMatchObject({
      name: 'tiny-llama.q8_0',
      label: 'Tiny Llama',
      kind: 'local',
      engine: 'llama-cpp',
      purpose: 'chat',
      file: 'Tiny-Llama.Q8_0.gguf',
      file_bytes: makeGguf(METADATA).length,
      context_length: 2_048,
      capabilities: { tools: true },
      local: { parallel: 2, gpu_layers: 'auto', threads: null },
    });
    expect(server.host.models[0]).toMatchObject({
      kind: 'local',
      worker: { engine: 'llama-cpp', model_path: path, parallel: 2, max_gpu_memory: 1_000, context_length: null },
    });
  });

  it('is named by its file where it says no name of its own', async () => {
    putFile('nameless.gguf', makeGguf({ ...METADATA, 'general.name': ' ' }));
    expect(await add({ file: 'nameless.gguf' })).toMatchObject({ name: 'nameless', label: 'nameless' });
  });

  it('may lie elsewhere by its absolute path, and one of the folder is stored by its name', async () => {
    const path = putFile('a.gguf');
    expect(await add({ file: path })).toMatchObject({ name: 'a', file: 'a.gguf' });
    const outside = join(server.home, 'outside.gguf');
    writeFileSync(outside, makeGguf(METADATA));
    expect(await add({ file: outside, name: 'Mine', label: 'My own' })).toMatchObject({ name: 'Mine', file: outside });
  });

  it('never leaves the models folder by its name', async () => {
    writeFileSync(join(server.home, 'outside.gguf'), makeGguf(METADATA));
    for (const file of ['../outside.gguf', 'x/../../outside.gguf', '.', '', '..', 'a\0.gguf']) {
      expect(await refusedAdd({ file })).toMatchObject({ status: 400, param: 'file' });
    }
  });

  it('must be there and whole', async () => {
    expect(await refusedAdd({ file: 'none.gguf' })).toMatchObject({ status: 422, code: 'model_file_missing' });
    putFile('page.gguf', Buffer.from('<!doctype html>'));
    const { code, message } = await refusedAdd({ file: 'page.gguf' });
    expect([code, message]).toEqual(['model_file_unreadable', expect.stringContaining('"page.gguf"')]);
  });

  it('keeps its file when it is deleted, unless that is asked for and nobody else uses it', async () => {
    const path = putFile('shared.gguf');
    for (const name of ['one', 'two', 'three']) await add({ file: 'shared.gguf', name });
    expect((await remove('one')).status).toBe(204);
    expect((await remove('two?with_file=true')).status).toBe(204);
    expect(existsSync(path)).toBe(true);
    expect((await remove('three?with_file=true')).status).toBe(204);
    expect(existsSync(path)).toBe(false);
    expect(server.host.models).toEqual([]);
  });

  it('is not deleted with a file outside the models folder', async () => {
    const outside = join(server.home, 'outside.gguf');
    writeFileSync(outside, makeGguf(METADATA));
    await add({ file: outside, name: 'far' });
    expect((await remove('far?with_file=true')).status).toBe(400);
    expect(existsSync(outside)).toBe(true);
    expect((await remove('far')).status).toBe(204);
  });

  it('is started anew by its changed settings', async () => {
    putFile('a.gguf');
    await add({ file: 'a.gguf' });
    const local = { context_length: 512, gpu_layers: 0, threads: 1 };
    expect(await patch('a', { local })).toMatchObject({ context_length: 512, local: { ...local, parallel: null } });
    expect(server.host.models[0]?.worker).toMatchObject({ context_length: 512, gpu_layers: 0, threads: 1 });
    expect(await refusedPatch('a', { upstream_model: 'x' })).toMatchObject({ status: 400, param: 'upstream_model' });
  });
});

describe('a model of a connection', () => {
  it('is one more of those that it has', async () => {
    const { connections } = await server.connect();
    server.host.vendor.serve('org/acme-small');
    const asked = { connection_id: connections[0]?.id, upstream_model: 'org/acme-small', context_length: 4_096 };
    const model = await add({ ...asked, prices: { input: 2, output: 3 } });
    expect(model).toMatchObject({
      name: 'org/acme-small',
      context_length: 4_096,
      prices: { currency: 'USD', input: 2 },
    });
    expect(server.host.models.map(({ name }) => name)).toEqual(['acme-large', 'org/acme-small']);
    expect(await patch('org/acme-small', { label: 'Small' })).toMatchObject({ label: 'Small' });
  });

  it('must name a connection that is there, and a name that is free', async () => {
    expect(await refusedAdd({ connection_id: 'none', upstream_model: 'x' })).toMatchObject({
      code: 'connection_not_found',
    });
    const { connections } = await server.connect();
    const asked = { connection_id: connections[0]?.id, upstream_model: 'x', name: fakeModel.name };
    expect(await refusedAdd(asked)).toMatchObject({ status: 409, code: 'name_taken', param: 'name' });
    expect(await refusedAdd({ connection_id: connections[0]?.id })).toMatchObject({ param: 'upstream_model' });
  });

  it('is changed field by field, and the launcher hears of what concerns its process', async () => {
    await server.connect();
    const changes = server.host.requests.length;
    await patch('acme-large', { label: 'The large one', access: { mode: 'owner' } });
    expect(server.host.requests.length).toBe(changes);
    const model = await patch('acme-large', { upstream_model: 'acme-xl', concurrency: 3, prices: null });
    expect(model).toMatchObject({
      label: 'The large one',
      access: { mode: 'owner', users: [] },
      upstream_model: 'acme-xl',
      prices: null,
      context_length: 128_000,
    });
    expect(server.host.models[0]?.worker).toMatchObject({ upstream_model: 'acme-xl', concurrency: 3 });
    expect(await refusedPatch('acme-large', { local: {} })).toMatchObject({ status: 400, param: 'local' });
  });

  it('keeps what several change at once', async () => {
    await server.connect();
    const changes = [{ prices: { currency: 'CNY', input: 1, output: 2 } }, { concurrency: 3 }, { context_length: 9 }];
    await Promise.all(changes.map((change) => patch('acme-large', change)));
    expect(await server.model('acme-large')).toMatchObject(Object.assign({}, ...changes));
  });

  it('may have a long name', async () => {
    const name = `${'x'.repeat(127)}/${'ö'.repeat(128)}`;
    await server.connect({ models: [{ upstream_model: 'acme-large', name }] });
    expect(await patch(name, { label: 'Long' })).toMatchObject({ name, label: 'Long' });
  });
});

describe('a model of the configuration file', () => {
  it('goes before one of the page that has its name, which comes back when the name is free again', async () => {
    await server.connect();
    await server.close();
    await server.start({ catalogue: [{ ...fakeModel, name: 'acme-large', label: 'Configured' }] });
    expect((await server.admin()).models).toMatchObject([{ label: 'Configured', origin: 'config-file' }]);
    await server.connect();
    expect(server.host.models.map(({ name }) => name)).toEqual(['acme-large-2']);
    await server.close();
    await server.start();
    expect(await server.model('acme-large')).toMatchObject({ label: 'Acme Large', origin: 'page' });
  });

  it('is not opened to everyone by one of the page that has its name', async () => {
    await server.connect();
    await server.close();
    const plain = { provider: null, upstream_model: null, file: null, local: null, prices: null };
    const administration = { ...plain, origin: 'config-file' as const, access: { mode: 'owner' as const, users: [] } };
    await server.start({ catalogue: [{ ...fakeModel, name: 'acme-large', administration }] });
    expect(await server.model('acme-large')).toMatchObject({ origin: 'config-file', access: { mode: 'owner' } });
  });

  it('is shown as such, and locked', async () => {
    await server.host.run(fakeModel.name);
    expect(await server.model(fakeModel.name)).toMatchObject({
      origin: 'config-file',
      state: 'ready',
      connection_id: null,
    });
    expect(await refusedPatch(fakeModel.name, { label: 'Other' })).toMatchObject({ status: 409, code: 'model_locked' });
    expect((await remove(fakeModel.name)).status).toBe(409);
  });

  it('can be given to some people only, and keeps that over a restart', async () => {
    await addUser(server.home, 'eve');
    const access = { mode: 'chosen', users: ['Eve'] };
    expect(await patch(fakeModel.name, { access })).toMatchObject({ access: { mode: 'chosen', users: ['eve'] } });
    await server.restart();
    expect(await server.model(fakeModel.name)).toMatchObject({ origin: 'config-file', access: { users: ['eve'] } });
    expect(server.host.models).toEqual([]);
    expect(await refusedPatch(fakeModel.name, { access: { mode: 'chosen', users: ['nobody'] } })).toMatchObject({
      status: 400,
      param: 'access.users.0',
    });
  });
});
