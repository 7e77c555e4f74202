import { afterEach, beforeEach, expect, it } from 'vitest';
import { embeddingRequestSchema, rerankRequestSchema } from '@parley/contracts';
import { silentLogger } from '@parley/service-kit/testing';
import { modelConfigSchema } from '../../config.ts';
import type { Engine } from '../../engine.ts';
import { startFakeVendor, type FakeVendor } from '../../testing/fake-vendor.ts';
import { createEngine } from '../registry.ts';

const never = new AbortController().signal;

let vendor: FakeVendor;
let engine: Engine;

beforeEach(async () => {
  vendor = await startFakeVendor();
});
afterEach(async () => {
  await engine.close();
  await vendor.close();
});

const use = async (name: string, purpose: string) => {
  const model = { engine: 'zhipu', name, purpose, base_url: vendor.zhipuUrl, api_key: vendor.zhipuKey };
  engine = await createEngine(modelConfigSchema.parse(model), {
    logger: silentLogger(),
    now: Date.now,
    sleep: async () => {},
    scratchFolder: null,
  });
};
const embed = async (model: string, fields: object) =>
  engine.embed!(embeddingRequestSchema.parse({ model, ...fields }), never);

it('signs in with a token, and sends nothing that Zhipu does not know', async () => {
  await use('embedding-3', 'embedding');
  const { vectors, usage } = await embed('embedding-3', { input: '你好', encoding_format: 'base64', user: 'ada' });
  expect(vectors.map(({ length }) => length)).toEqual([2_048]);
  expect(usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  expect(vendor.requests[0]?.body).toEqual({ model: 'embedding-3', input: ['你好'] });
});

it('lets embedding-3 make shorter vectors', async () => {
  await use('embedding-3', 'embedding');
  const { vectors } = await embed('embedding-3', { input: ['你好', '世界'], dimensions: 256 });
  expect(vectors.map(({ length }) => length)).toEqual([256, 256]);
});

it('knows that the vectors of embedding-2 have one length', async () => {
  await use('embedding-2', 'embedding');
  const { vectors } = await embed('embedding-2', { input: '你好', dimensions: 1_024 });
  expect(vectors[0]).toHaveLength(1_024);
  expect(vendor.requests[0]?.body).not.toHaveProperty('dimensions');
  const refused = embed('embedding-2', { input: '你好', dimensions: 512 });
  await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param: 'dimensions' });
});

it('sends 64 texts at once, and of embedding-2 as many as have room in 8K tokens', async () => {
  await use('embedding-3', 'embedding');
  const sizes = () => vendor.requests.map(({ body }) => (body['input'] as string[]).length);
  await embed('embedding-3', { input: Array.from({ length: 100 }, () => '字'.repeat(400)) });
  expect(sizes()).toEqual([64, 36]);
  await engine.close();
  await use('embedding-2', 'embedding');
  await embed('embedding-2', { input: Array.from({ length: 20 }, () => '字'.repeat(400)) });
  expect(sizes().slice(2)).toEqual([15, 5]);
});

it('translates a refusal by its code', async () => {
  await use('embedding-3', 'embedding');
  vendor.answer({ status: 400, body: { error: { code: '1214', message: 'input 参数非法' } } });
  await expect(embed('embedding-3', { input: 'x' })).rejects.toMatchObject({ code: 'invalid_request' });
});

it('ranks as many texts as there are, each by as much of it as Zhipu reads', async () => {
  await use('rerank', 'rerank');
  const documents = Array.from<unknown, string>({ length: 130 }, (_, place) =>
    place === 129 ? '猫坐在垫子上' : '别的',
  );
  documents[0] = `${'字'.repeat(4_095)}𠀀`;
  const request = rerankRequestSchema.parse({ model: 'rerank', query: '猫坐在哪里', documents, top_n: 1 });
  const { results } = await engine.rerank!(request, never);
  expect(results[0]?.index).toBe(129);
  expect(results).toHaveLength(130);
  const [first, second] = vendor.requests.map(({ body }) => body['documents'] as string[]);
  expect([first?.length, second?.length, first?.[0]?.length]).toEqual([128, 2, 4_095]);
});
