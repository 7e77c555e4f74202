import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_TEXT_LENGTH } from '@parley/contracts';
import { wholeOf } from './testing/fake-worker.ts';
import { QUESTION, TEST_SECRET, TestPlane } from './testing/test-plane.ts';

let plane: TestPlane;
afterEach(() => plane.stop());

const listModels = (headers: Record<string, string>) => fetch(`${plane.address}/v1/models`, { headers });

/** A request whose Host header is ours to choose; fetch does not let it be. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${plane.address}/v1/models`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once('error', reject).end();
  });
}

describe('who may call', () => {
  it('with keys: who has one of them, or the secret of the installation', async () => {
    plane = await TestPlane.start({ gateway: { api_keys: ['sk-one', 'sk-two'] } });
    const statuses = [];
    for (const token of ['sk-one', 'sk-two', TEST_SECRET, 'sk-three', '']) {
      statuses.push((await listModels(token === '' ? {} : { authorization: `Bearer ${token}` })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 401, 401]);
  });

  it('without keys: programs on this machine, whatever key they send, but no page that took its name', async () => {
    plane = await TestPlane.start();
    expect((await listModels({})).status).toBe(200);
    expect((await listModels({ authorization: 'Bearer anything' })).status).toBe(200);
    expect(await statusWithHost('localhost:20000')).toBe(200);
    expect(await statusWithHost('attacker.example')).toBe(401);
  });

  it('does not let a key speak for a user', async () => {
    plane = await TestPlane.start({ gateway: { api_keys: ['sk-one'] } });
    const worker = await plane.addWorker(['m'], { script: wholeOf('ok') });
    const headers = { authorization: 'Bearer sk-one', 'x-parley-user': 'ada' };
    await plane.complete({ model: 'm', messages: QUESTION }, { headers });
    expect((await worker.request()).headers['x-parley-user']).toBeUndefined();
  });
});

describe('a browser page', () => {
  const preflight = { origin: 'https://chat.example', 'access-control-request-method': 'POST' };

  it('may not read answers unless its origin is named', async () => {
    plane = await TestPlane.start({ gateway: { cors_origins: ['https://chat.example'] } });
    const named = await fetch(`${plane.address}/v1/chat/completions`, { method: 'OPTIONS', headers: preflight });
    expect(named.headers.get('access-control-allow-origin')).toBe('https://chat.example');
    const other = await listModels({ origin: 'https://other.example' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may read streams, too, when its origin is named', async () => {
    plane = await TestPlane.start({ gateway: { cors_origins: ['*'] } });
    await plane.addWorker();
    const headers = { origin: 'https://chat.example' };
    const answer = await plane.complete({ model: 'm', messages: QUESTION, stream: true }, { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    await answer.text();
  });

  it('may read nothing by default', async () => {
    plane = await TestPlane.start();
    const answer = await listModels({ origin: 'https://chat.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a wrong request', () => {
  const post = (body: string, type = 'application/json') =>
    plane.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': type }, body });

  it.each([
    ['no JSON', '{', 400, null],
    ['an empty body', '', 400, null],
    ['a list', '[]', 400, null],
    ['no messages', '{"model":"m"}', 400, 'messages'],
    ['a role that is none', '{"model":"m","messages":[{"role":"god","content":"x"}]}', 400, 'messages.0.role'],
    [
      'a temperature out of range',
      `{"model":"m","messages":[{"role":"user","content":"x"}],"temperature":9}`,
      400,
      'temperature',
    ],
  ])('with %s is answered in the shape of OpenAI', async (_, body, status, param) => {
    plane = await TestPlane.start();
    const answer = await post(body);
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { error: { type: 'invalid_request_error', param } },
    ]);
  });

  it('of another media type is refused', async () => {
    plane = await TestPlane.start();
    expect((await post('{}', 'text/plain')).status).toBe(415);
  });

  it('with more text than a model could read is too large, and so is a body above the limit', async () => {
    plane = await TestPlane.start({ gateway: { body_limit_bytes: 8 * 1024 * 1024 } });
    const ask = (length: number) => ({ model: 'm', messages: [{ role: 'user', content: 'x'.repeat(length) }] });
    const long = await plane.complete(ask(MAX_TEXT_LENGTH + 1));
    expect([long.status, await long.json()]).toMatchObject([
      413,
      { error: { code: 'body_too_large', param: 'messages' } },
    ]);
    const huge = await plane.complete(ask(9 * 1024 * 1024));
    expect([huge.status, await huge.json()]).toMatchObject([413, { error: { code: 'body_too_large' } }]);
  });

  it('to a route that is not there is answered in the same shape', async () => {
    plane = await TestPlane.start();
    const answer = await plane.fetch('/v1/nothing');
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  });
});
