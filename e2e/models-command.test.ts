import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelLibrary, ModelOverview, TestedModel } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { startFakeVendor, type FakeVendor } from '@parley/worker/testing';
import { tinyModels } from '@parley/worker/testing/tiny-models';
import { FakeHub } from '../packages/server/src/testing/fake-hub.ts';
import { startFakeOllama, type FakeOllama } from './support/fake-ollama.ts';
import { runParley } from './support/run-parley.ts';
import { startSystem, type System } from './support/system.ts';

const LIMIT_MS = 60_000;

let vendor: FakeVendor;
let ollama: FakeOllama;
let hub: FakeHub;
let system: System;
let folder: string;

beforeAll(async () => {
  vendor = await startFakeVendor();
  vendor.answerAlways({ pieces: ['This is ', 'Claude.'] });
  ollama = await startFakeOllama('llama3.2', 'This is Ollama.');
  hub = new FakeHub();
  await hub.start();
  hub.put('tiny/chat/tiny-chat.gguf', readFileSync(tinyModels().chat));
  folder = mkdtempSync(join(tmpdir(), 'parley-gguf-'));
  const openai = { engine: 'openai-compatible', base_url: vendor.openaiUrl, api_key: vendor.openaiKey };
  system = await startSystem({
    models: [{ ...openai, name: 'from-file' }],
    settings: { server: { local_server_ports: { ollama: [ollama.port] }, hub_endpoint: hub.endpoint } },
    environment: { CLAUDE_KEY: vendor.anthropicKey },
  });
});
afterAll(async () => {
  await system?.stop();
  await vendor?.close();
  ollama?.close();
  await hub?.stop();
  rmSync(folder, { recursive: true });
});

const models = (...args: string[]) => runParley(['models', ...args], system.environment);
const withKey = (key: string, ...args: string[]) =>
  runParley(['models', ...args], system.environment, { stdin: `${key}\n` });

async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await models(...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}
async function refused(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await models(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return stderr;
}
const json = async <Value>(...args: string[]): Promise<Value> => JSON.parse(await done(...args, '--json')) as Value;
const overview = () => json<ModelOverview>('list');
const modelNamed = async (name: string) => (await overview()).models.find((model) => model.name === name);
const untilIn = (name: string, state: string) =>
  waitUntil(async () => (await modelNamed(name))?.state === state, `${name} to be ${state}`, LIMIT_MS);

describe('parley models connect', () => {
  const namesIn = (printed: string) => printed.slice('Added: '.length, -'.\n'.length).split(', ');
  const anthropic = () => ['connect', 'anthropic', '--base-url', vendor.anthropicUrl];

  it('names what it can connect to', async () => {
    expect(await done('providers')).toMatch(/^anthropic +Anthropic Claude +ANTHROPIC_API_KEY +https:/m);
    expect(await refused('connect', 'nobody')).toContain('Parley does not know "nobody"');
    expect(await done('connections')).toContain('Nothing is connected');
  });

  it('keeps nothing of a key that is refused, empty or not to be found, and says why', async () => {
    const wrong = await withKey(`${vendor.anthropicKey}x`, ...anthropic());
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/key/i) });
    expect(wrong.stderr).not.toContain(vendor.anthropicKey);
    const malformed = await withKey('no-dot', 'connect', 'zhipu', '--base-url', vendor.zhipuUrl);
    expect(malformed).toMatchObject({ code: 1, stderr: expect.stringContaining('must be the key as Zhipu shows it') });
    expect(await refused(...anthropic())).toContain('No key was given');
    expect(await refused(...anthropic(), '--key-from', 'NO_SUCH')).toContain('The variable NO_SUCH is not set');
    expect((await overview()).connections).toEqual([]);
  });

  it('takes the key from a pipe, tries it and adds the recommended models', async () => {
    const { code, stdout, stderr } = await withKey(vendor.anthropicKey, ...anthropic());
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/answered in \d/) });
    expect(stdout).toMatch(/^Added: claude-.*\.\n$/);
    const [name = ''] = namesIn(stdout);
    await untilIn(name, 'ready');
    const answer = await runParley(['ask', 'Who are you?', '--model', name], system.environment);
    expect(answer.stdout).toContain('This is Claude.');
  });

  it('takes the key from a variable, names a model that is there twice anew, and says how it is called', async () => {
    const chosen = ['--key-from', 'CLAUDE_KEY', '--model', 'claude-haiku-5-5', '--model', 'claude-haiku-4-5'];
    const before = (await overview()).models.map(({ name }) => name);
    const added = namesIn(await done(...anthropic(), ...chosen));
    const again = namesIn(await done(...anthropic(), ...chosen));
    expect(new Set([...before, ...added, ...again]).size).toBe(before.length + 4);
    for (const name of again) expect(await modelNamed(name)).toMatchObject({ origin: 'page', kind: 'online' });
  });

  it('changes a key only for one that works, and takes a connection away with its models', async () => {
    const { connections } = await overview();
    const [{ id, key_hint: hint } = { id: '', key_hint: null }] = connections;
    expect((await withKey('sk-ant-api03-wrong', 'set-key', id)).code).toBe(1);
    const { code, stdout } = await withKey(vendor.anthropicKey, 'set-key', id);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The key is changed.\n' });
    const rows = await done('connections');
    expect(rows).toContain(hint ?? 'no hint');
    expect(rows).not.toContain(vendor.anthropicKey);
    for (const connection of connections) await done('disconnect', connection.id);
    expect((await overview()).models.map(({ name }) => name)).toEqual(['parley-guide', 'from-file']);
    expect(await refused('disconnect', id)).toContain('no such connection');
    expect(await refused('set-key', '../../models/parley-guide', '--key-from', 'CLAUDE_KEY')).toMatch(/connection/);
  });

  it('finds a server of this machine, and connects it without a key', async () => {
    expect(await done('servers')).toMatch(new RegExp(`ollama +Ollama.* +http://127.0.0.1:${ollama.port}/v1`));
    const { servers } = await json<{ servers: { base_url: string }[] }>('servers');
    const [{ base_url: url } = { base_url: '' }] = servers;
    expect(await done('connect', 'ollama', '--base-url', url, '--no-key')).toBe('Added: llama3.2.\n');
  });
});

describe('parley models pull', () => {
  it('shows how far it is, checks the file, and adds no model with --no-add', async () => {
    const { code, stdout, stderr } = await models('pull', 'hf:tiny/chat/tiny-chat.gguf', '--no-add');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'tiny-chat.gguf is there and has been checked.\n' });
    expect(stderr).toMatch(/^tiny-chat\.gguf: /);
    expect(existsSync(join(system.home, 'models', 'tiny-chat.gguf'))).toBe(true);
    expect(await modelNamed('tiny-chat')).toBeUndefined();
    const { files, models: known } = await json<ModelLibrary>('library');
    expect(files).toMatchObject([{ file: 'tiny-chat.gguf', used_by: [] }]);
    const printed = await done('library');
    for (const { source } of known) expect(printed).toContain(source);
    expect(printed).toMatch(/tiny-chat\.gguf +\d/);
    expect(await done('downloads')).toMatch(/tiny-chat\.gguf +done/);
  });

  it('says what is wrong with a source, a file that is not there, and a wrong checksum', async () => {
    expect(await refused('pull', 'tiny-chat')).toContain('hf:');
    expect((await models('pull', 'hf:tiny/chat/none.gguf')).code).toBe(1);
    const wrong = await models('pull', `${hub.cdn}/tiny/chat/tiny-chat.gguf`, '--sha256', '0'.repeat(64));
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
  });

  it('is followed to its end though the server is killed under it', async () => {
    hub.put('tiny/kept/kept.gguf', readFileSync(tinyModels().chat));
    hub.pieceDelayMs = 400;
    const begun = hub.sentBytes;
    const pulling = models('pull', 'hf:tiny/kept/kept.gguf', '--no-add');
    await waitUntil(() => hub.sentBytes > begun, 'the first piece', LIMIT_MS);
    process.kill(system.process('api').pid, 'SIGKILL');
    hub.pieceDelayMs = 0;
    expect(await pulling).toMatchObject({ code: 0, stdout: 'kept.gguf is there and has been checked.\n' });
  });

  it('is cancelled by its id, with nothing left', async () => {
    hub.put('tiny/slow/slow.gguf', Buffer.alloc(64 * 1024 * 1024, 1));
    hub.pieceDelayMs = 50;
    const pulling = models('pull', 'hf:tiny/slow/slow.gguf');
    const download = async () =>
      (await json<{ downloads: { id: string; file: string }[] }>('downloads')).downloads.find(
        ({ file }) => file === 'slow.gguf',
      );
    await waitUntil(async () => (await download()) !== undefined, 'the download to begin', LIMIT_MS);
    expect(await done('cancel', (await download())?.id ?? '')).toContain('cancelled');
    expect(await pulling).toMatchObject({ code: 1, stderr: expect.stringContaining('The download was cancelled.') });
    hub.pieceDelayMs = 0;
    expect(await download()).toBeUndefined();
    expect(readdirSync(join(system.home, 'models'))).toEqual(['kept.gguf', 'tiny-chat.gguf']);
    expect(await refused('cancel', 'nothing')).toContain('no such download');
  });
});

describe('a local model on the command line', () => {
  const NAME = 'tiny';

  it('is made of a file with its settings; what is no number is refused', async () => {
    const file = join(folder, 'mine.gguf');
    writeFileSync(file, readFileSync(tinyModels().chat));
    expect(await refused('add', file, '--threads', 'two')).toContain('--threads takes a whole number; "two"');
    expect(await refused('add', file, '--gpu-layers', '-1')).toContain('--gpu-layers takes a whole number');
    expect(await refused('add', 'nowhere.gguf')).toContain('nowhere.gguf');
    const settings = ['--context-length', '512', '--parallel', '2', '--threads', '1', '--gpu-layers', '0'];
    expect(await done('add', file, '--name', NAME, ...settings)).toBe('The model is called tiny.\n');
    await untilIn(NAME, 'ready');
    const local = { context_length: 512, parallel: 2, threads: 1, gpu_layers: 0 };
    expect(await modelNamed(NAME)).toMatchObject({ file, local });
    expect(await refused('remove', NAME, '--with-file')).toContain('outside the models folder');
    expect(existsSync(file)).toBe(true);
  });

  it('is tested, with its words and its speed', async () => {
    expect((await json<TestedModel>('test', NAME)).answer).not.toBe('');
    const { code, stderr } = await models('test', NAME);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/^tiny answered in \d/) });
  });

  it('is released, loaded, replaced, and its log tells so', async () => {
    expect(await done('release', NAME)).toContain('"parley models load tiny" brings it back');
    expect(await done('list')).toMatch(/^tiny +local +released/m);
    await done('load', NAME);
    await untilIn(NAME, 'ready');
    const before = (await modelNamed(NAME))?.process?.pid;
    expect(await done('replace', NAME)).toBe('tiny runs anew.\n');
    await untilIn(NAME, 'ready');
    expect((await modelNamed(NAME))?.process?.pid).not.toBe(before);
    expect((await done('log', NAME)).match(/process \d+ started/g)?.length).toBeGreaterThanOrEqual(3);
    for (const action of ['release', 'load', 'replace', 'log', 'test']) {
      expect(await refused(action, 'nobody')).toMatch(/no .*model|nobody/i);
    }
  });

  it('is edited: what is given changes, the rest stays', async () => {
    const changes = ['--label', 'Tiny one', '--can', 'tools', '--price', '2/8CNY', '--parallel', '3'];
    expect(await done('edit', NAME, ...changes)).toBe('tiny is changed.\n');
    await untilIn(NAME, 'ready');
    expect(await modelNamed(NAME)).toMatchObject({
      label: 'Tiny one',
      capabilities: { tools: true, vision: false },
      prices: { input: 2, output: 8, currency: 'CNY' },
      local: { context_length: 512, parallel: 3, threads: 1 },
    });
    expect(await refused('edit', NAME, '--can', 'fly')).toContain('"fly" is something else');
    expect(await refused('edit', NAME, '--price', 'cheap')).toContain('--price takes two prices');
    expect(await refused('edit', NAME, '--max-gpu-memory', 'much')).toContain('--max-gpu-memory takes a size');
    expect(await refused('edit', 'nobody', '--label', 'X')).toContain('There is no model "nobody"');
  });

  it('is kept for some, refused for people that nobody knows, and opened again', async () => {
    await done('access', NAME, 'owner');
    expect(await done('list')).toMatch(/^tiny .* the owner$/m);
    expect(await refused('access', NAME, 'nobody,else')).toMatch(/nobody/);
    expect((await modelNamed(NAME))?.access.mode).toBe('owner');
    await done('access', NAME, 'everyone');
  });

  it('is removed, with its file where Parley fetched it', async () => {
    await done('add', 'tiny-chat.gguf', '--name', 'fetched');
    await untilIn('fetched', 'ready');
    expect(await done('remove', 'fetched', '--with-file')).toBe('fetched is removed.\n');
    expect(existsSync(join(system.home, 'models', 'tiny-chat.gguf'))).toBe(false);
    await done('remove', NAME);
    expect((await modelNamed(NAME)) ?? null).toBeNull();
  });
});

it('leaves a model of the configuration file as it is, but for who may use it', async () => {
  expect(await refused('remove', 'from-file')).toMatch(/configuration file/);
  expect(await modelNamed('from-file')).toMatchObject({ origin: 'config-file' });
  await done('access', 'from-file', 'owner');
  expect(await modelNamed('from-file')).toMatchObject({ access: { mode: 'owner' } });
});
