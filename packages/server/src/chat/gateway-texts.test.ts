import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorReply, FakeGateway, type GatewayReply } from '../testing/fake-gateway.ts';
import { GatewayClient } from './gateway-client.ts';

const SECRET = 'secret-of-the-tests';
const never = new AbortController().signal;
const REQUEST = { model: 'm', input: ['one', 'two'] };

let gateway: FakeGateway;
let client: GatewayClient;

beforeEach(async () => {
  gateway = new FakeGateway();
  client = new GatewayClient({ url: await gateway.start(), secret: SECRET });
});
afterEach(async () => {
  client.close();
  await gateway.stop();
});

const json =
  (body: unknown): GatewayReply =>
  (response) =>
    sendJson(response, body);
const base64 = (vector: number[]) => Buffer.from(Float32Array.from(vector).buffer).toString('base64');
const listOf = (...embeddings: unknown[]) => ({
  object: 'list',
  data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  usage: { prompt_tokens: 2, total_tokens: 2 },
});
const vectorsOf = async () => (await client.embed(REQUEST, never)).data.map(({ embedding }) => embedding);

describe('embeddings from the gateway', () => {
  it('are asked for in their short form, with the secret, the user and the request id', async () => {
    gateway.replies = [json(listOf(base64([0.5, -1]), base64([2, 0.25])))];
    const list = await client.embed(REQUEST, never, { userId: 'ada', requestId: 'r-1' });
    expect(list.data.map(({ embedding }) => embedding)).toEqual([
      [0.5, -1],
      [2, 0.25],
    ]);
    expect(list.usage).toMatchObject({ total_tokens: 2 });
    const [request] = gateway.requests;
    expect([request?.path, request?.body]).toEqual(['/v1/embeddings', { ...REQUEST, encoding_format: 'base64' }]);
    const headers = { authorization: `Bearer ${SECRET}`, 'x-parley-user': 'ada', 'x-request-id': 'r-1' };
    expect(request?.headers).toMatchObject(headers);
  });

  it('may come as numbers, and in another order', async () => {
    const { data, ...list } = listOf([1], [2]);
    gateway.replies = [json({ ...list, data: data.toReversed() })];
    expect(await vectorsOf()).toEqual([[1], [2]]);
  });

  it.each([
    ['no list', { result: 1 }],
    ['no JSON', 'x'],
    ['a vector that was cut off', listOf('AAAAAAA=')],
    ['an empty vector', listOf('')],
  ])('are refused when they are %s', async (_, body) => {
    gateway.replies = [json(body)];
    await expect(vectorsOf()).rejects.toMatchObject({ code: 'embedding_failed' });
  });

  it('are waited for while a worker is started again, and asked for anew after a broken answer', async () => {
    gateway.replies = [
      errorReply(503, 'no_worker_for_model', 'It is starting.'),
      (response) => void response.destroy(),
      (response) => void response.write('{"data":', () => response.destroy()),
      json(listOf([1], [2])),
    ];
    expect(await vectorsOf()).toEqual([[1], [2]]);
    expect(gateway.requests).toHaveLength(4);
  });

  it('are not asked for again when the reason does not pass, and the time to wait is told', async () => {
    gateway.replies = [
      (response, body) => {
        response.setHeader('retry-after', '7');
        return errorReply(429, 'provider_rate_limited', 'Slow down.')(response, body);
      },
    ];
    await expect(vectorsOf()).rejects.toMatchObject({ code: 'provider_rate_limited', retryAfterSeconds: 7 });
    expect(gateway.requests).toHaveLength(1);
  });

  it('end at once when they are not wanted any more, also between two attempts', async () => {
    const leaving = new AbortController();
    const gone = Promise.withResolvers<void>();
    gateway.replies = [
      (response) => {
        response.once('close', gone.resolve);
        leaving.abort();
      },
    ];
    await expect(client.embed(REQUEST, leaving.signal)).rejects.toMatchObject({ code: 'request_aborted' });
    await gone.promise;
    const waiting = new AbortController();
    gateway.replies = [
      (response, body) => {
        response.once('finish', () => setImmediate(() => waiting.abort()));
        return errorReply(503, 'no_worker_for_model', 'It is starting.')(response, body);
      },
    ];
    await expect(client.embed(REQUEST, waiting.signal)).rejects.toMatchObject({ code: 'request_aborted' });
  });

  it('are not read for ever', async () => {
    gateway.replies = [
      (response) => {
        const piece = 'x'.repeat(1024 * 1024);
        const more = (): boolean => (response.destroyed ? false : response.write(piece, () => void more()));
        more();
      },
    ];
    await expect(vectorsOf()).rejects.toMatchObject({ code: 'embedding_failed' });
  });
});

describe('a ranking from the gateway', () => {
  const request = { model: 'r', query: 'q', documents: ['one', 'two'] };

  it('is passed on', async () => {
    const results = [
      { index: 1, relevance_score: 0.9 },
      { index: 0, relevance_score: 0.1 },
    ];
    gateway.replies = [json({ results })];
    expect((await client.rerank(request, never, { userId: 'ada' })).results).toEqual(results);
    expect(gateway.requests[0]).toMatchObject({ path: '/v1/rerank', body: request });
  });

  it('is refused when it is none', async () => {
    gateway.replies = [json({ results: 'none' })];
    await expect(client.rerank(request, never)).rejects.toMatchObject({ code: 'provider_failed' });
  });
});

function sendJson(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json').end(typeof body === 'string' ? body : JSON.stringify(body));
}
