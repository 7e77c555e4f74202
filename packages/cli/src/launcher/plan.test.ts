import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { controllerConfigSchema } from '@parley/controller/config';
import { gatewayConfigSchema } from '@parley/gateway/config';
import { serverConfigSchema } from '@parley/server/config';
import { workerConfigSchema } from '@parley/worker/config';
import { english } from '../terminal/messages.en.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { planProcesses } from './plan.ts';

async function planOf(yaml: string, environment: Record<string, string> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'parley-plan-'));
  writeFileSync(join(root, 'parley.config.yaml'), yaml);
  const loaded = loadSettings({ root, environment, say: english });
  return planProcesses({ root, loaded, secret: 's'.repeat(43), nextFreePort: async (from) => from });
}

const OLLAMA = 'models:\n  - name: llama\n    engine: openai-compatible\n    base_url: http://127.0.0.1:11434/v1\n';

it('starts controller, openai_api, workers and api, in that order', async () => {
  const { processes } = await planOf(OLLAMA);
  const names = processes.map(({ name }) => name);
  expect(names).toEqual(['controller', 'openai_api', 'model_worker:parley-guide', 'online_api:llama', 'api']);
});

it('gives every room settings that its own schema accepts', async () => {
  const schemas = {
    controller: controllerConfigSchema,
    gateway: gatewayConfigSchema,
    worker: workerConfigSchema,
    server: serverConfigSchema,
  };
  const { processes } = await planOf(OLLAMA);
  for (const { room, config } of processes) expect(schemas[room].safeParse(config).error).toBeUndefined();
});

it('does not start a model without its key, and says which variable it waits for', async () => {
  const { processes, waitingForKey } = await planOf('');
  expect(processes.map(({ name }) => name)).not.toContain('online_api:embedding-3');
  expect(waitingForKey).toContainEqual({ name: 'embedding-3', variable: 'ZHIPUAI_API_KEY' });
});

it('shows a model of the settings that waits for its key, and none that is only suggested', async () => {
  const listed = await planOf('models:\n  - { name: glm, engine: zhipu }\n');
  expect(listed.catalogue.map(({ name, needs_key }) => [name, needs_key])).toEqual([
    ['parley-guide', null],
    ['glm', 'ZHIPUAI_API_KEY'],
  ]);
  expect((await planOf('')).catalogue.map(({ name }) => name)).toEqual(['parley-guide']);
});

it('starts what a key is for once it is there, and hands the key to those workers alone', async () => {
  const { processes, catalogue } = await planOf('', { ZHIPUAI_API_KEY: 'id.secret' });
  const holders = processes.filter(({ config }) => JSON.stringify(config).includes('id.secret'));
  const zhipu = catalogue.filter(({ administration }) => administration?.provider === 'zhipu');
  expect(holders.map(({ name }) => name)).toEqual(zhipu.map(({ name }) => `online_api:${name}`));
  expect(zhipu.map(({ purpose, needs_key }) => [purpose, needs_key])).toEqual([
    ['chat', null],
    ['embedding', null],
    ['rerank', null],
  ]);
});

it('tells each worker and the application server what a model is for', async () => {
  const yaml = `${OLLAMA}  - name: bge-m3
    engine: openai-compatible
    base_url: http://127.0.0.1:11434/v1
    purpose: embedding
    batch_size: 8
`;
  const { processes, catalogue } = await planOf(yaml);
  expect(catalogue.map(({ name, purpose }) => [name, purpose])).toEqual([
    ['parley-guide', 'chat'],
    ['llama', 'chat'],
    ['bge-m3', 'embedding'],
  ]);
  const worker = processes.find(({ name }) => name === 'online_api:bge-m3');
  expect(worker).toMatchObject({ purpose: 'embedding', config: { model: { purpose: 'embedding', batch_size: 8 } } });
});

it('tells the gateway where the documents are', async () => {
  const { processes } = await planOf(OLLAMA, { PARLEY_SERVER_PORT: '8123' });
  const gateway = processes.find(({ room }) => room === 'gateway');
  expect(gateway?.config['server_url']).toBe('http://127.0.0.1:8123');
});

it('gives workers consecutive ports', async () => {
  const { processes } = await planOf(OLLAMA);
  expect(processes.filter(({ room }) => room === 'worker').map(({ config }) => config.port)).toEqual([20_002, 20_003]);
});

it('gives a worker no port that a neighbour will open', async () => {
  const { processes } = await planOf(OLLAMA, {
    PARLEY_WORKERS_FIRST_PORT: '30000',
    PARLEY_SERVER_PORT: '30000',
    PARLEY_GATEWAY_PORT: '30002',
    PARLEY_CONTROLLER_PORT: '30003',
  });
  const workers = processes.filter(({ room }) => room === 'worker').map(({ config }) => config.port);
  expect(workers).toEqual([30_001, 30_004]);
});
