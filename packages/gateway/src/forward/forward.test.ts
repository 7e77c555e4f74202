import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenAI, toFile } from 'openai';
import { FakeAppServer } from '../testing/fake-app-server.ts';
import { TEST_SECRET, TestPlane } from '../testing/test-plane.ts';

const KEY = 'sk-one';
const TOKEN = `parley_${'t'.repeat(43)}`;

let plane: TestPlane;
let server: FakeAppServer;

beforeEach(async () => {
  server = await FakeAppServer.start();
  plane = await TestPlane.start({ gateway: { api_keys: [KEY], server_url: `${server.address}/` } });
});
afterEach(async () => {
  await plane.stop();
  server.stop();
});

const ask = (path: string, token: string | null = KEY, init: RequestInit = {}) =>
  fetch(plane.address + path, {
    ...init,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(init.headers as Record<string, string>),
    },
  });

describe('files and vector stores', () => {
  it.each([
    ['GET', '/v1/files?purpose=assistants&limit=2'],
    ['GET', '/v1/files/file-1/content'],
    ['DELETE', '/v1/files/file-1'],
    ['POST', '/v1/vector_stores'],
    ['GET', '/v1/vector_stores'],
    ['POST', '/v1/vector_stores/vs_1/search'],
    ['DELETE', '/v1/vector_stores/vs_1/files/file-1'],
  ])('are asked of the application server: %s %s', async (method, path) => {
    const answer = await ask(path, KEY, { method });
    expect([answer.status, await answer.json()]).toEqual([200, { object: 'list' }]);
    expect(server.requests).toMatchObject([{ method, path }]);
  });

  it.each([
    '/v1/files/..%2f..%2fapi%2ftokens',
    '/v1/files/../../api/tokens',
    '/v1/vector_stores/%2e%2e/%2e%2e/api/session',
    '/v1/vector_stores//api',
    '/v1/files/a\\..\\b',
    '/v1/filesystem',
    '/v1/vector_stores_of_others',
    '/api/conversations',
  ])('lead nowhere else: %s', async (path) => {
    // Not over fetch, which would tidy the path up before it is sent.
    const { hostname, port } = new URL(plane.address);
    const request = sendRequest({ hostname, port, path, headers: { authorization: `Bearer ${KEY}` } }).end();
    const [answer] = await once(request, 'response');
    expect([answer.statusCode, JSON.parse(await text(answer))]).toMatchObject([404, { error: { code: 'not_found' } }]);
    expect(server.requests).toHaveLength(0);
  });

  it('can be used with the OpenAI SDK', async () => {
    server.handle = (request, response) => {
      void answer(request, response);
    };
    async function answer(request: IncomingMessage, response: ServerResponse) {
      const body = await text(request);
      const isWhole = body.includes('name="file"; filename="a.txt"') && body.includes('Cats sit on mats.');
      const file = {
        id: 'file-1',
        object: 'file',
        bytes: isWhole ? 17 : 0,
        filename: 'a.txt',
        purpose: 'assistants',
      };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(file));
    }
    const client = new OpenAI({ apiKey: KEY, baseURL: `${plane.address}/v1`, maxRetries: 0 });
    const file = await toFile(Buffer.from('Cats sit on mats.'), 'a.txt');
    const created = await client.files.create({ file, purpose: 'assistants' });
    expect(created).toMatchObject({ id: 'file-1', bytes: 17 });
    expect(server.requests[0]?.headers['content-type']).toContain('multipart/form-data; boundary=');
  });

  it('are not there without an application server', async () => {
    await plane.stop();
    plane = await TestPlane.start();
    expect((await ask('/v1/files', TEST_SECRET)).status).toBe(404);
  });
});

describe('the rights of a caller', () => {
  const shown = () => server.requests.map(({ headers }) => headers.authorization);

  it("are the owner's with a key of the gateway, and somebody's own with their token", async () => {
    for (const token of [KEY, TEST_SECRET, TOKEN]) expect((await ask('/v1/files', token)).status).toBe(200);
    expect(shown()).toEqual([`Bearer ${TEST_SECRET}`, `Bearer ${TEST_SECRET}`, `Bearer ${TOKEN}`]);
  });

  it('are none without a key that is known', async () => {
    for (const token of [null, 'sk-two']) {
      const answer = await ask('/v1/vector_stores', token);
      expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }]);
    }
    expect(server.requests).toHaveLength(0);
  });

  it('are none for being on this machine, also where there are no keys', async () => {
    await plane.stop();
    plane = await TestPlane.start({ gateway: { server_url: server.address } });
    expect((await ask('/v1/models', null)).status).toBe(200);
    for (const token of [null, 'anything']) expect((await ask('/v1/files', token)).status).toBe(401);
    expect((await ask('/v1/files', TOKEN)).status).toBe(200);
    expect(shown()).toEqual([`Bearer ${TOKEN}`]);
  });

  it('do not come from cookies, and nobody speaks for a user', async () => {
    const headers = { cookie: 'parley_session=stolen', origin: 'https://chat.example', 'x-parley-user': 'ada' };
    await ask('/v1/files', KEY, { headers: { ...headers, 'x-request-id': 'r-1' } });
    const sent = server.requests[0]?.headers ?? {};
    expect([sent.cookie, sent.origin, sent['x-parley-user'], sent['x-request-id']]).toEqual([
      undefined,
      undefined,
      undefined,
      'r-1',
    ]);
  });
});

describe('bytes', () => {
  it('of an upload stream through before all of them came', async () => {
    const hash = createHash('sha256');
    const begun = Promise.withResolvers<void>();
    server.handle = (request, response) => {
      request.once('data', () => begun.resolve());
      request.on('data', (piece: Buffer) => hash.update(piece));
      request.once('end', () => response.end(hash.digest('hex')));
    };
    const expected = createHash('sha256');
    async function* upload() {
      for (let count = 0; count < 64; count += 1) {
        const piece = Buffer.alloc(1024 * 1024, count);
        expected.update(piece);
        yield piece;
        // The rest is only sent once the beginning has arrived.
        if (count === 0) await begun.promise;
      }
    }
    const body = ReadableStream.from(upload()) as ReadableStream;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await ask('/v1/files', KEY, { method: 'POST', headers, body, duplex: 'half' });
    expect(await answer.text()).toBe(expected.digest('hex'));
  });

  it('of an upload are taken to the end when the answer comes early, for most clients only listen then', async () => {
    server.handle = (request, response) => {
      request.once('data', () => response.writeHead(422).end('no'));
      request.resume();
    };
    for (const isGone of [false, true]) {
      if (isGone) server.stop();
      const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/pdf' };
      const upload = sendRequest(`${plane.address}/v1/files`, { method: 'POST', headers });
      upload.end(Buffer.alloc(32 * 1024 * 1024));
      const answered = once(upload, 'response');
      await once(upload, 'finish');
      expect((await answered)[0].resume().statusCode).toBe(isGone ? 503 : 422);
    }
  });

  it('of an answer come as they are, with status and headers', async () => {
    const bytes = Buffer.from('%PDF-1.7 \u0000\u00ff', 'latin1');
    server.handle = (_, response) => {
      response.writeHead(206, {
        'content-type': 'application/pdf',
        'content-disposition': 'attachment; filename="a.pdf"',
        'content-range': `bytes 0-${bytes.length - 1}/999`,
        'set-cookie': 'a=b',
      });
      response.end(bytes);
    };
    const answer = await ask('/v1/files/file-1/content', KEY, { headers: { range: 'bytes=0-10' } });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toContain('a.pdf');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(server.requests[0]?.headers.range).toBe('bytes=0-10');
  });

  it('of an error come as they are', async () => {
    const error = {
      error: { message: 'No such store.', type: 'invalid_request_error', code: 'knowledge_base_not_found' },
    };
    server.handle = (_, response) => void response.writeHead(404).end(JSON.stringify(error));
    const answer = await ask('/v1/vector_stores/vs_9');
    expect([answer.status, await answer.json()]).toEqual([404, error]);
  });
});

describe('a server that fails', () => {
  it('is named when it is gone', async () => {
    server.stop();
    const answer = await ask('/v1/files');
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: { code: 'server_unreachable' } }]);
  });

  it('in the middle of an answer breaks it, so that it is not taken for a whole one', async () => {
    server.handle = (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    };
    await expect(ask('/v1/files/file-1/content').then((answer) => answer.text())).rejects.toThrow(/terminated/);
  });

  it('is told when the caller leaves in the middle of an upload', async () => {
    const left = Promise.withResolvers<Error>();
    server.handle = (request) => {
      request.once('error', left.resolve);
      request.once('data', () => upload.destroy());
    };
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/pdf' };
    const upload = sendRequest(`${plane.address}/v1/files`, { method: 'POST', headers }).on('error', () => {});
    upload.write('half');
    expect(await left.promise).toMatchObject({ code: 'ECONNRESET' });
  });

  it('is told when the caller leaves', async () => {
    const left = Promise.withResolvers<void>();
    const leaving = new AbortController();
    server.handle = (_, response) => {
      response.once('close', left.resolve);
      leaving.abort();
    };
    await expect(ask('/v1/files', KEY, { signal: leaving.signal })).rejects.toThrow(/aborted/);
    await left.promise;
  });
});
