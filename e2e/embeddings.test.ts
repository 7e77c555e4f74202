import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelViewListSchema, embeddingListSchema, rerankResultSchema } from '@parley/contracts';
import { fakeVector, startFakeVendor, type FakeVendor } from '@parley/worker/testing';
import { startSystem, type System } from './support/system.ts';

const TEXTS = ['The cat sat on the mat.', '知识库在哪里？'];

let vendor: FakeVendor;
let system: System;

beforeAll(async () => {
  vendor = await startFakeVendor();
  const openai = { engine: 'openai-compatible', base_url: vendor.openaiUrl, api_key: vendor.openaiKey };
  system = await startSystem({
    models: [
      { ...openai, name: 'vectors', purpose: 'embedding' },
      { ...openai, name: 'ranks', purpose: 'rerank' },
    ],
  });
});
afterAll(async () => {
  await system?.stop();
  await vendor?.close();
});

const post = async (path: string, body: object) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(system.gatewayUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
const parley = (...words: string[]) => {
  const command = ['bootstrap.mjs', 'parley', ...words];
  return spawnSync(process.execPath, command, { env: system.environment, encoding: 'utf8' }).stdout;
};
const vectors = async () => {
  const { body } = await post('/v1/embeddings', { model: 'vectors', input: TEXTS });
  return embeddingListSchema.parse(body).data.map(({ embedding }) => embedding);
};

it('makes embeddings and rankings through the whole plane', async () => {
  expect(await vectors()).toEqual(TEXTS.map((text) => fakeVector(text)));
  const { body } = await post('/v1/rerank', { model: 'ranks', query: '知识', documents: TEXTS });
  expect(rerankResultSchema.parse(body).results.map(({ index }) => index)).toEqual([1, 0]);
});

it('waits for a worker that was killed', async () => {
  process.kill(system.process('online_api:vectors').pid, 'SIGKILL');
  expect(await vectors()).toHaveLength(2);
});

it('never takes an embedding model for a chat', async () => {
  const headers = { authorization: `Bearer ${parley('token').trim()}` };
  const answer = await fetch(`${system.url}/api/models`, { headers });
  const { models } = modelViewListSchema.parse(await answer.json());
  expect(models.map(({ name, purpose }) => [name, purpose])).toEqual([
    ['parley-guide', 'chat'],
    ['vectors', 'embedding'],
    ['ranks', 'rerank'],
  ]);
  const messages = [{ role: 'user', content: 'Hi' }];
  expect(await post('/v1/chat/completions', { model: 'vectors', messages })).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_request', param: 'model' } },
  });
});

it('shows in the status what each model is for', () => {
  const table = parley('status');
  expect(table).toMatch(/online_api:vectors +embedding/);
  expect(table).toMatch(/online_api:ranks +reranking/);
});
