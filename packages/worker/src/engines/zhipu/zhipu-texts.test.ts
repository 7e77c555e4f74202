import { expect, it } from 'vitest';
import { embeddingRequestSchema, rerankRequestSchema } from '@parley/contracts';
import { never } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const bench = useVendorBench();
const use = (model: string, purpose: string) => bench.engine('zhipu', { upstream_model: model, purpose });
const embed = async (model: string, fields: object) => {
  const engine = await use(model, 'embedding');
  return engine.embed!(embeddingRequestSchema.parse({ model: 'ours', ...fields }), never);
};

it('signs in with a token, and sends nothing that Zhipu does not know', async () => {
  const { vectors, usage } = await embed('embedding-3', { input: '你好', encoding_format: 'base64', user: 'ada' });
  expect(vectors.map(({ length }) => length)).toEqual([2_048]);
  expect(usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  expect(bench.vendor.requests[0]?.body).toEqual({ model: 'embedding-3', input: ['你好'] });
});

it('lets embedding-3 make shorter vectors', async () => {
  const { vectors } = await embed('embedding-3', { input: ['你好', '世界'], dimensions: 256 });
  expect(vectors.map(({ length }) => length)).toEqual([256, 256]);
});

it('knows that the vectors of embedding-2 have one length', async () => {
  const { vectors } = await embed('embedding-2', { input: '你好', dimensions: 1_024 });
  expect(vectors[0]).toHaveLength(1_024);
  expect(bench.vendor.requests[0]?.body).not.toHaveProperty('dimensions');
  const refused = embed('embedding-2', { input: '你好', dimensions: 512 });
  await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param: 'dimensions' });
});

it('sends 64 texts at once, and of embedding-2 as many as have room in 8K tokens', async () => {
  const sizes = () => bench.vendor.requests.map(({ body }) => (body['input'] as string[]).length);
  await embed('embedding-3', { input: Array.from({ length: 100 }, () => '字'.repeat(400)) });
  expect(sizes()).toEqual([64, 36]);
  await embed('embedding-2', { input: Array.from({ length: 20 }, () => '字'.repeat(400)) });
  expect(sizes().slice(2)).toEqual([15, 5]);
});

it('translates a refusal by its code', async () => {
  bench.vendor.answer({ status: 400, body: { error: { code: '1214', message: 'input 参数非法' } } });
  await expect(embed('embedding-3', { input: 'x' })).rejects.toMatchObject({ code: 'invalid_request' });
});

it('ranks as many texts as there are, each by as much of it as Zhipu reads', async () => {
  const documents = Array.from<unknown, string>({ length: 130 }, (_, place) =>
    place === 129 ? '猫坐在垫子上' : '别的',
  );
  documents[0] = `${'字'.repeat(4_095)}𠀀`;
  const request = rerankRequestSchema.parse({ model: 'rerank', query: '猫坐在哪里', documents, top_n: 1 });
  const { results } = await (await use('rerank', 'rerank')).rerank!(request, never);
  expect(results[0]?.index).toBe(129);
  expect(results).toHaveLength(130);
  const [first, second] = bench.vendor.requests.map(({ body }) => body['documents'] as string[]);
  expect([first?.length, second?.length, first?.[0]?.length]).toEqual([128, 2, 4_095]);
});
