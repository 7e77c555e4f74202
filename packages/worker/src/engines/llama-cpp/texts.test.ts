import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyModels } from '../../testing/tiny-models/index.ts';
import { startLocalWorker, type LocalWorker } from './testing/start-local-worker.ts';

interface Embeddings {
  data: { embedding: number[] }[];
  usage: { prompt_tokens: number };
}
interface Ranking {
  results: { index: number; relevance_score: number }[];
  usage: { prompt_tokens: number };
}

const cosine = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);

describe('embeddings of a local model', () => {
  let worker: LocalWorker;
  beforeAll(async () => {
    worker = await startLocalWorker({ purpose: 'embedding', model_path: tinyModels().embedding });
  });
  afterAll(() => worker.close());

  it('are of length 1, near for texts that are alike, and counted', async () => {
    const input = ['the cat sat on the mat', 'a kitten sat on a mat', 'rain and snow tomorrow'];
    const { data, usage } = (await worker.post('/v1/embeddings', { input })).body as Embeddings;
    const [cat, kitten, rain] = data.map(({ embedding }) => embedding);
    for (const vector of [cat, kitten, rain]) expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1);
    expect(cosine(cat ?? [], kitten ?? [])).toBeGreaterThan(cosine(cat ?? [], rain ?? []) + 0.2);
    expect(usage.prompt_tokens).toBeGreaterThan(input.join(' ').split(' ').length);
  });

  it('are the same for the same text, alone or among others', async () => {
    const alone = (await worker.post('/v1/embeddings', { input: 'a dog' })).body as Embeddings;
    const among = (await worker.post('/v1/embeddings', { input: ['the horse', 'a dog'] })).body as Embeddings;
    expect(among.data[1]?.embedding).toEqual(alone.data[0]?.embedding);
  });

  it('are not made of a text that is too long, nor in a length that the model does not have', async () => {
    const long = await worker.post('/v1/embeddings', { input: ['fine', 'cat '.repeat(600)] });
    expect(long).toMatchObject({ status: 400, body: { error: { code: 'context_length_exceeded', param: 'input' } } });
    expect(JSON.stringify(long.body)).toMatch(/Text 2 has 60\d tokens.*512/);
    const short = await worker.post('/v1/embeddings', { input: 'cat', dimensions: 64 });
    expect(short).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', param: 'dimensions' } } });
    const own = await worker.post('/v1/embeddings', { input: 'cat', dimensions: 128 });
    expect(own.status).toBe(200);
  });

  it('are not made of a text without words, which no second try would help', async () => {
    const refused = await worker.post('/v1/embeddings', { input: ['cat', ' \n '] });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', param: 'input' } } });
    expect(JSON.stringify(refused.body)).toContain('Text 2 has no words.');
  });

  it('of several requests are made side by side', async () => {
    const answers = await Promise.all(['cat', 'dog', 'rain'].map((input) => worker.post('/v1/embeddings', { input })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await worker.status()).concurrency).toBe(4);
  });
});

describe('the ranking of a local model', () => {
  let worker: LocalWorker;
  beforeAll(async () => {
    worker = await startLocalWorker({ purpose: 'rerank', model_path: tinyModels().reranker });
  });
  afterAll(() => worker.close());

  const query = 'where does the horse sleep';
  const rank = async (documents: string[]) => (await worker.post('/v1/rerank', { query, documents })).body as Ranking;

  it('puts first what answers the query', async () => {
    const { results, usage } = await rank(['bank rates are rising', 'the horse sleeps in the stable', query]);
    expect(results.map(({ index }) => index)).toEqual([2, 1, 0]);
    for (const { relevance_score: score } of results) expect(score).toBeGreaterThan(0);
    expect(usage.prompt_tokens).toBeGreaterThan(20);
  });

  it('takes of a text that is too long its best part, and refuses a query that is', async () => {
    const { results } = await rank([`${'bank rates '.repeat(300)} the horse sleeps`, 'bank rates are rising']);
    expect(results).toHaveLength(2);
    const refused = await worker.post('/v1/rerank', { query: 'horse '.repeat(400), documents: ['a'] });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 'context_length_exceeded', param: 'query' } },
    });
  });
});
