import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_EMBEDDING_INPUTS, MAX_TEXT_LENGTH } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { lengthsAsVectors, sendJson, type FakeWorker, type Script } from './testing/fake-worker.ts';
import { TEST_SECRET, TestPlane } from './testing/test-plane.ts';

let plane: TestPlane;
let worker: FakeWorker;

beforeEach(async () => {
  plane = await TestPlane.start();
  worker = await plane.addWorker();
});
afterEach(() => plane.stop());

const silent: Script = () => {};
const BODIES = {
  '/v1/embeddings': { model: 'm', input: ['one', 'two'] },
  '/v1/rerank': { model: 'm', query: 'q', documents: ['one', 'two'] },
};
const paths = Object.keys(BODIES) as (keyof typeof BODIES)[];
const ask = (path: keyof typeof BODIES, more: object = {}, init: RequestInit = {}) =>
  plane.post(path, { ...BODIES[path], ...more }, init);

describe.each(paths)('POST %s', (path) => {
  it('passes bytes through to a worker of the model, both ways', async () => {
    const text = '{ "results": [ ],  "more": 1.0 }';
    worker.script = (response) => void response.setHeader('content-type', 'application/json').end(text);
    const body = JSON.stringify({ ...BODIES[path], vendor_field: 'Grüße, 世界' });
    const headers = {
      authorization: `Bearer ${TEST_SECRET}`,
      'content-type': 'application/json',
      'x-parley-user': 'ada',
    };
    const answer = await fetch(plane.address + path, { method: 'POST', headers, body });
    expect(await answer.text()).toBe(text);
    expect(answer.headers.get('openai-processing-ms')).toMatch(/^\d+$/);
    const received = await worker.request();
    expect([received.path, received.body.toString()]).toEqual([path, body]);
    expect(received.headers).toMatchObject({ authorization: `Bearer ${TEST_SECRET}`, 'x-parley-user': 'ada' });
    await plane.settled();
  });

  it('says that nobody here could unpack what is compressed', async () => {
    await ask(path);
    expect((await worker.request()).headers['accept-encoding']).toBe('identity');
  });

  it("passes a worker's own error on untouched", async () => {
    const error = {
      error: { message: 'Slow down.', type: 'rate_limit_error', param: null, code: 'provider_rate_limited' },
    };
    worker.script = (response) => {
      response.setHeader('retry-after', '7');
      sendJson(response, 429, error);
    };
    const answer = await ask(path);
    expect([answer.status, await answer.json(), answer.headers.get('retry-after')]).toEqual([429, error, '7']);
  });

  it('ends the work of the worker when the caller leaves', async () => {
    worker.script = silent;
    const leaving = new AbortController();
    const asked = ask(path, {}, { signal: leaving.signal });
    asked.catch(() => undefined);
    const request = await worker.request();
    await plane.settled(1);
    leaving.abort();
    await request.left;
    await plane.settled(0);
    expect(worker.requests).toHaveLength(1);
  });

  it('tries once more when a worker dies before its answer, and then not again', async () => {
    worker.script = (response) => void response.destroy();
    const failed = await ask(path);
    expect([failed.status, await failed.json()]).toMatchObject([502, { error: { code: 'worker_unreachable' } }]);
    expect(worker.requests).toHaveLength(2);
    worker.script = (response, request) => {
      if (worker.requests.length === 3) response.destroy();
      else void lengthsAsVectors(response, { ...request, body: Buffer.from('{"input":"x"}') });
    };
    expect((await ask(path)).status).toBe(200);
    await plane.settled(0);
  });

  it('is an error, not half an answer, when a worker dies in the middle of it', async () => {
    worker.script = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":', () => response.destroy());
    };
    const answer = await ask(path);
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'stream_interrupted' } }]);
    await plane.settled(0);
  });

  it('gives up a worker that is too slow', async () => {
    await plane.stop();
    plane = await TestPlane.start({ gateway: { clocks: { headers_ms: 60 } } });
    worker = await plane.addWorker();
    worker.script = silent;
    const answer = await ask(path);
    expect([answer.status, await answer.json()]).toMatchObject([504, { error: { code: 'worker_timeout' } }]);
    await waitUntil(() => worker.requests[0]?.hasLeft === true, 'the worker is told');
    await plane.settled(0);
  });

  it('asks for a key where there are keys', async () => {
    await plane.stop();
    plane = await TestPlane.start({ gateway: { api_keys: ['sk-one'] } });
    const answer = await ask(path, {}, { headers: { authorization: 'Bearer sk-two' } });
    expect(answer.status).toBe(401);
  });

  it('does not know a model that nobody serves', async () => {
    const answer = await ask(path, { model: 'n' });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
  });
});

describe('a wrong request', () => {
  const many = Array.from({ length: MAX_EMBEDDING_INPUTS + 1 }, () => 'x');
  const wrong: [keyof typeof BODIES, string, object, string][] = [
    ['/v1/embeddings', 'no texts', { input: [] }, 'input'],
    ['/v1/embeddings', 'a text without a character', { input: ['a', ''] }, 'input.1'],
    ['/v1/embeddings', 'tokens', { input: [[1, 2, 3]] }, 'input'],
    ['/v1/embeddings', 'too many texts', { input: many }, 'input'],
    ['/v1/embeddings', 'an unknown encoding', { encoding_format: 'hex' }, 'encoding_format'],
    ['/v1/embeddings', 'no dimensions', { dimensions: 0 }, 'dimensions'],
    ['/v1/rerank', 'no query', { query: '' }, 'query'],
    ['/v1/rerank', 'no documents', { documents: [] }, 'documents'],
    ['/v1/rerank', 'a document that is no text', { documents: [1] }, 'documents.0'],
    ['/v1/rerank', 'no results', { top_n: 0 }, 'top_n'],
  ];
  it.each(wrong)('to %s with %s is answered in the shape of OpenAI', async (path, _, fields, param) => {
    const answer = await ask(path, fields);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_request', param } }]);
    expect(worker.requests).toHaveLength(0);
  });

  it('with more text than a model could read is too large', async () => {
    const half = 'x'.repeat(MAX_TEXT_LENGTH / 2 + 1);
    for (const [path, param] of [
      ['/v1/embeddings', 'input'],
      ['/v1/rerank', 'documents'],
    ] as const) {
      const answer = await ask(path, { [param]: [half, half] });
      expect([answer.status, await answer.json()]).toMatchObject([413, { error: { code: 'body_too_large', param } }]);
    }
  });
});

it('passes on an answer of many megabytes, whole', async () => {
  const vector = Array.from({ length: 1_536 }, (_, place) => place / 1_536);
  const data = Array.from({ length: 500 }, (_, index) => ({ object: 'embedding', index, embedding: vector }));
  worker.script = (response) => sendJson(response, 200, { object: 'list', data });
  const answer = (await (await ask('/v1/embeddings')).json()) as { data: { embedding: number[] }[] };
  expect(answer.data).toHaveLength(500);
  expect(answer.data[499]?.embedding).toEqual(vector);
});
