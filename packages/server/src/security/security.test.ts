import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

afterEach(() => server.dispose());

/** Unlike `fetch`, undici's `request` lets a test choose any Host. */
async function call(headers: Record<string, string>, method: 'GET' | 'POST' | 'DELETE' = 'GET', path = '/api/session') {
  const { statusCode, body } = await request(server.address + path, { method, headers });
  const text = await body.text();
  const code = text === '' ? null : ((JSON.parse(text) as { error?: { code: string } }).error?.code ?? null);
  return { status: statusCode, code };
}

async function ownerCookie(): Promise<string> {
  const response = await server.fetch('/api/session/owner', { method: 'POST', token: null });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

describe('the host of a loopback-only install', () => {
  it.each(['localhost:8000', '127.0.0.1', '127.0.0.1:9', '[::1]:8000', 'LOCALHOST'])('may be %s', async (host) => {
    await server.start();
    expect((await call({ host })).status).toBe(200);
  });

  it.each(['evil.example', 'evil.example:8000', '127.0.0.1.evil.example', 'localhost.evil.example', '192.168.1.7'])(
    'may not be %s, so that no foreign name can be pointed at it',
    async (host) => {
      await server.start();
      expect(await call({ host })).toEqual({ status: 403, code: 'foreign_origin' });
    },
  );

  it('may be a name of the settings', async () => {
    await server.start({ allowed_hosts: ['Chat.Example'] });
    expect((await call({ host: 'chat.example' })).status).toBe(200);
  });

  it('is not asked for where others reach the server', async () => {
    await server.start({ host: '0.0.0.0' });
    expect((await call({ host: 'chat.example' })).status).toBe(200);
  });
});

describe('a request that changes something', () => {
  const create = (headers: Record<string, string>) => call(headers, 'POST', '/api/conversations');
  const foreign = { status: 403, code: 'foreign_origin' };

  it.each([
    ['our own origin', () => ({ origin: server.address }), 201],
    ['a browser that calls it same-origin', () => ({ 'sec-fetch-site': 'same-origin' }), 201],
    ['another site', () => ({ origin: 'https://evil.example' }), 403],
    ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['a sandboxed frame', () => ({ origin: 'null' }), 403],
    ['a browser that calls it same-site', () => ({ 'sec-fetch-site': 'same-site' }), 403],
    ['nobody who can be named', () => ({}), 403],
  ])('with a cookie from %s is answered as it should', async (_, headers, status) => {
    await server.start();
    const cookie = await ownerCookie();
    expect((await create({ cookie, ...headers() })).status).toBe(status);
  });

  it('with a token needs no origin', async () => {
    await server.start();
    expect((await server.fetch('/api/conversations', { method: 'POST' })).status).toBe(201);
  });

  it('cannot sign a foreign page in', async () => {
    await server.start();
    await ownerCookie();
    expect(await call({ origin: 'https://evil.example' }, 'POST')).toEqual(foreign);
  });

  it('may come through a proxy that is named in the settings', async () => {
    await server.start({ allowed_hosts: ['chat.example'] });
    const response = await call({ origin: 'https://chat.example' }, 'DELETE');
    expect(response.status).toBe(204);
  });
});

it('sends the headers that keep the page to itself with every answer', async () => {
  await server.start();
  for (const path of ['/', '/api/session', '/api/none']) {
    const { headers } = await server.fetch(path);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'; .*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});
