import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddingListSchema, rerankResultSchema } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { startFakeVendor, type FakeVendor } from '../testing/fake-vendor.ts';
import { startTestWorker, type TestWorker } from '../testing/start-test-worker.ts';
import { fakeVector } from '../testing/vendor-texts.ts';

const TEXTS = ['The cat sat on the mat.', '知识库在哪里？', 'How do I embed texts?'];

let vendor: FakeVendor;
let worker: TestWorker;

beforeEach(async () => {
  vendor = await startFakeVendor({ maxTexts: 32 });
});
afterEach(async () => {
  await vendor.close();
  await worker.close();
});

const start = async (purpose: string, more: object = {}) => {
  const shared = { engine: 'openai-compatible', base_url: vendor.openaiUrl, api_key: vendor.openaiKey };
  worker = await startTestWorker({ ...shared, name: 'ours', upstream_model: 'theirs', purpose, ...more });
};
const post = async (path: string, body: object, signal?: AbortSignal) => {
  const answer = await worker.call(path, { model: 'ours', ...body }, signal);
  return { status: answer.statusCode, body: await answer.body.json() };
};
const embed = (body: object, signal?: AbortSignal) => post('/v1/embeddings', body, signal);
const rerank = (body: object) => post('/v1/rerank', body);
const running = async () => ((await (await worker.call('/worker/status')).body.json()) as { running: number }).running;

describe('POST /v1/embeddings', () => {
  beforeEach(() => start('embedding'));

  it('answers in the order of the texts, whatever the order of the provider, with usage', async () => {
    vendor.answer({ texts: 'honest', isShuffled: true });
    const { status, body } = await embed({ input: TEXTS });
    expect(status).toBe(200);
    const { data, model, usage } = embeddingListSchema.parse(body);
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(data.map(({ embedding }) => embedding)).toEqual(TEXTS.map((text) => fakeVector(text)));
    expect(model).toBe('ours');
    expect(usage?.total_tokens).toBeGreaterThan(10);
  });

  it('takes one text by itself', async () => {
    const { body } = await embed({ input: TEXTS[0] });
    expect(embeddingListSchema.parse(body).data).toHaveLength(1);
    expect(vendor.requests[0]?.body).toEqual({ model: 'theirs', input: [TEXTS[0]] });
  });

  it('answers base64 to who asks for it, and asks the provider for numbers', async () => {
    const { body } = await embed({ input: TEXTS, encoding_format: 'base64', user: 'ada', parley_trace: 'x' });
    const { data } = body as { data: { embedding: string }[] };
    const bytes = Buffer.from(data[1]?.embedding ?? '', 'base64');
    const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    expect([...floats]).toEqual([...Float32Array.from(fakeVector(TEXTS[1] ?? ''))]);
    expect(vendor.requests[0]?.body).toEqual({ model: 'theirs', user: 'ada', input: TEXTS });
  });

  it('sends more texts than the provider takes in several requests, and adds their usage', async () => {
    const input = Array.from({ length: 70 }, (_, place) => `text ${place}`);
    const { body } = await embed({ input });
    const { data, usage } = embeddingListSchema.parse(body);
    expect(vendor.requests.map((request) => (request.body['input'] as string[]).length)).toEqual([32, 32, 6]);
    expect(data.map(({ index }) => index)).toEqual(input.keys().toArray());
    expect(data[69]?.embedding).toEqual(fakeVector('text 69'));
    expect(usage?.prompt_tokens).toBe(70 * 2);
  });

  it('sends no more text in one request than a provider takes', async () => {
    const long = '字'.repeat(90_000);
    await embed({ input: [long, long, long] });
    expect(vendor.requests.map((request) => (request.body['input'] as string[]).length)).toEqual([2, 1]);
  });

  it.each([
    ['an embedding is missing', { texts: 'honest', missing: 1 } as const, /2 embeddings for 3 texts/],
    ['the connection breaks', { texts: 'honest', afterwards: 'cut' } as const, /broke in the middle/],
    ['it answers something else', { status: 200, body: { result: [] } }, /no embeddings/],
    ['it answers with no numbers', vectors([[1], [null], [2]]), /no embeddings/],
    [
      'it answers with zeros',
      vectors([
        [1, 0],
        [0, 0],
        [0, 1],
      ]),
      /nothing but zeros/,
    ],
    ['two are for one text', vectors([[1], [1], [1]], [0, 1, 1]), /left out/],
    ['lengths differ', vectors([[1], [1, 2], [1]]), /several lengths/],
    ['it refuses with status 200', { status: 200, body: { error: { message: 'closed' } } }, /could not answer/],
  ])('is an error, never half an answer, when %s', async (_, script, message) => {
    vendor.answer(script);
    const { status, body } = await embed({ input: TEXTS });
    expect([status, body]).toMatchObject([
      502,
      { error: { code: 'provider_failed', message: expect.stringMatching(message) } },
    ]);
    expect(await running()).toBe(0);
  });

  it('says when the model makes vectors of another length than the one asked for', async () => {
    vendor.answer(
      vectors([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
    );
    const { status, body } = await embed({ input: TEXTS, dimensions: 512 });
    expect([status, body]).toMatchObject([400, { error: { code: 'invalid_request', param: 'dimensions' } }]);
  });

  it('translates refusals as those of chats', async () => {
    const error = { message: 'slow down', code: 'rate_limit_exceeded' };
    vendor.answer({ status: 429, headers: { 'retry-after': '7' }, body: { error } });
    const answer = await worker.call('/v1/embeddings', { model: 'ours', input: TEXTS });
    expect(answer.headers['retry-after']).toBe('7');
    expect(await answer.body.json()).toMatchObject({ error: { code: 'provider_rate_limited' } });
  });

  it('reads no more of a refusal than anyone would write', async () => {
    vendor.answer({ status: 400, body: { error: { message: 'x'.repeat(2 * 1024 * 1024) } } });
    const { body } = await embed({ input: TEXTS });
    const message = 'The provider answered with status 400.';
    expect(body).toMatchObject({ error: { code: 'invalid_request', message } });
  });

  it.each([{ input: [] }, { input: '' }, { input: ['a', ''] }, { input: [[1, 2]] }, {}])(
    'refuses a request that is none: %j',
    async (body) =>
      expect(await embed(body)).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } }),
  );

  it('stops the provider when its reader leaves, and frees the slot', async () => {
    vendor.answer({ texts: 'honest', afterwards: 'stall' });
    const reader = new AbortController();
    const asked = embed({ input: TEXTS }, reader.signal);
    asked.catch(() => undefined);
    const upstream = await vendor.request(0);
    expect(await running()).toBe(1);
    reader.abort();
    await upstream.aborted;
    await waitUntil(async () => (await running()) === 0, 'the slot is free');
  });

  it.each([
    [
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: 'Hi' }] },
      /embedding model; it does not answer chats/,
    ],
    ['/v1/rerank', { query: 'Hi', documents: TEXTS }, /embedding model; it does not rank texts/],
  ])('does nothing else: %s', async (path, body, message) => {
    const error = { code: 'invalid_request', param: 'model', message: expect.stringMatching(message) };
    expect(await post(path, body)).toMatchObject({ status: 400, body: { error } });
    expect(vendor.requests).toHaveLength(0);
  });
});

describe('a provider that falls silent', () => {
  it('is given up', async () => {
    await start('embedding', { silence_limit_ms: 30 });
    vendor.answer({ texts: 'honest', afterwards: 'stall' });
    const { status, body } = await embed({ input: TEXTS });
    expect([status, body]).toMatchObject([502, { error: { message: expect.stringContaining('silent') } }]);
  });
});

describe('POST /v1/rerank', () => {
  const query = 'Where do cats sit?';

  it('orders the texts, best first, each with its place in the request', async () => {
    await start('rerank');
    const { status, body } = await rerank({ query: 'embed texts', documents: TEXTS });
    const { results, usage } = rerankResultSchema.parse(body);
    expect(status).toBe(200);
    expect(results.map(({ index }) => index)).toEqual([2, 0, 1]);
    expect(usage?.total_tokens).toBeGreaterThan(0);
    expect(vendor.requests[0]?.body).toEqual({ model: 'theirs', query: 'embed texts', documents: TEXTS });
  });

  it('answers only the best when asked, of all texts, however many requests they need', async () => {
    await start('rerank', { batch_size: 30 });
    const documents = Array.from({ length: 70 }, (_, place) => (place === 65 ? 'cats sit here' : `text ${place}`));
    const { body } = await rerank({ query, documents, top_n: 2, return_documents: true });
    const { results } = rerankResultSchema.parse(body);
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({ index: 65, document: { text: 'cats sit here' } });
    expect(vendor.requests.map((request) => request.body['top_n'])).toEqual([undefined, undefined, undefined]);
  });

  it('is an error when a text has no score', async () => {
    await start('rerank');
    vendor.answer({ texts: 'honest', missing: 1 });
    const error = { code: 'provider_failed', message: 'The provider ranked 2 of 3 texts.' };
    expect(await rerank({ query, documents: TEXTS })).toMatchObject({ status: 502, body: { error } });
  });

  it('is nothing that a chat model does', async () => {
    await start('chat');
    const error = { message: 'ours is a chat model; it does not rank texts.' };
    expect(await rerank({ query, documents: TEXTS })).toMatchObject({ status: 400, body: { error } });
    const embedding = { message: 'ours is a chat model; it does not make embeddings.' };
    expect(await embed({ input: TEXTS })).toMatchObject({ status: 400, body: { error: embedding } });
  });
});

/** An answer with these vectors, at these places. */
function vectors(all: unknown[][], places?: number[]) {
  const data = all.map((embedding, place) => ({ index: places?.[place] ?? place, embedding }));
  return { status: 200, body: { object: 'list', data } };
}
