import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedToken, SessionState } from '@parley/contracts';
import { TestServer, type Call } from '../testing/test-server.ts';

let server: TestServer;
let time: number;

beforeEach(async () => {
  server = new TestServer();
  time = 1_000_000_000_000;
});

afterEach(() => server.dispose());

/** Listens everywhere, as an install that others reach does. */
const startOpen = () => server.start({ host: '0.0.0.0' }, { now: () => time });
const startOnLoopback = () => server.start({}, { now: () => time });

/** As the page sends it: with its origin, without a token. */
function fromPage(path: string, call: Call = {}) {
  return server.fetch(path, { token: null, ...call, headers: { origin: server.address, ...call.headers } });
}

const post = (path: string, body?: unknown, cookie = '') =>
  fromPage(path, { method: 'POST', ...(body === undefined ? {} : { body }), headers: cookie ? { cookie } : {} });

const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const state = async (cookie = '') => {
  const response = await fromPage('/api/session', { headers: { cookie } });
  return (await response.json()) as SessionState;
};
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

describe('on a loopback-only install', () => {
  it('makes the owner without a password and signs in with one click', async () => {
    await startOnLoopback();
    expect(await state()).toEqual({ account: null, sign_in: 'set-up', is_loopback_only: true });
    const created = await post('/api/session/owner', { name: 'Ada' });
    expect(created.status).toBe(201);
    expect(await state(cookieOf(created))).toMatchObject({
      account: { name: 'Ada', role: 'owner' },
      sign_in: 'one-click',
    });
    const clicked = await post('/api/session');
    expect(await clicked.json()).toMatchObject({ account: { name: 'Ada' } });
  });

  it('asks for a password as soon as a proxy stands in front', async () => {
    await startOnLoopback();
    await post('/api/session/owner', {});
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const response = await fromPage('/api/session', { method: 'POST', headers });
    expect(response.status).toBe(403);
    expect(await (await fromPage('/api/session', { headers })).json()).toMatchObject({ sign_in: 'password' });
  });

  it('takes the secret of the installation for its owner, and makes that owner at need', async () => {
    await startOnLoopback();
    expect(await server.json('/api/session')).toMatchObject({ account: { name: 'Owner', role: 'owner' } });
  });
});

describe('on an install that others reach', () => {
  it('makes no owner without a password', async () => {
    await startOpen();
    const response = await post('/api/session/owner', { name: 'Ada' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'password' } });
  });

  it('tells the holder of the secret that there is no owner yet', async () => {
    await startOpen();
    const response = await server.fetch('/api/models');
    expect(response.status).toBe(409);
    expect(await codeOf(response)).toBe('owner_missing');
  });

  it('makes one owner of two that come at once', async () => {
    await startOpen();
    const body = { name: 'Ada', password: 'correct horse' };
    const both = await Promise.all([post('/api/session/owner', body), post('/api/session/owner', body)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  it('signs in by name and password, and out', async () => {
    await startOpen();
    await post('/api/session/owner', { name: 'Ada', password: 'correct horse' });
    const signedIn = await post('/api/session', { name: 'ADA', password: 'correct horse' });
    const cookie = cookieOf(signedIn);
    expect((await state(cookie)).account).toMatchObject({ name: 'Ada' });
    expect((await fromPage('/api/session', { method: 'DELETE', headers: { cookie } })).status).toBe(204);
    expect((await state(cookie)).account).toBeNull();
  });

  it('refuses a wrong password as it refuses a wrong name', async () => {
    await startOpen();
    await post('/api/session/owner', { name: 'Ada', password: 'correct horse' });
    const wrong = await (await post('/api/session', { name: 'Ada', password: 'wrong horse' })).text();
    const unknown = await (await post('/api/session', { name: 'Bob', password: 'wrong horse' })).text();
    expect(wrong).toBe(unknown);
  });

  it('lets nobody guess on: after five wrong passwords even the right one waits', async () => {
    await startOpen();
    await post('/api/session/owner', { name: 'Ada', password: 'correct horse' });
    const wrong = { name: 'Ada', password: 'wrong horse' };
    const guesses = await Promise.all(Array.from({ length: 8 }, () => post('/api/session', wrong)));
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
    const right = { name: 'Ada', password: 'correct horse' };
    const refused = await post('/api/session', right);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('300');
    time += 300_000;
    expect((await post('/api/session', right)).status).toBe(200);
  });
});

describe('a session', () => {
  it('is a cookie that scripts and other sites do not get', async () => {
    await startOnLoopback();
    const response = await post('/api/session/owner', {});
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^parley_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/);
  });

  it('is for https alone when the page came by https', async () => {
    await startOpen();
    const response = await fromPage('/api/session/owner', {
      method: 'POST',
      body: { password: 'correct horse' },
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(response.headers.getSetCookie()[0]).toContain('; Secure');
  });

  it('ends after its days', async () => {
    await startOnLoopback();
    const cookie = cookieOf(await post('/api/session/owner', {}));
    time += 30 * 86_400_000;
    expect((await state(cookie)).account).toBeNull();
  });
});

describe('a token', () => {
  const list = () => server.json<{ tokens: { id: string; last_used_at: number | null }[] }>('/api/tokens');

  it('works in the place of a cookie until it is revoked', async () => {
    await startOnLoopback();
    const created = await server.json<CreatedToken>('/api/tokens', { method: 'POST', body: { name: 'cron' } });
    expect(created.token).toMatch(/^parley_[\w-]{43}$/);
    expect((await server.fetch('/api/conversations', { token: created.token })).status).toBe(200);
    expect((await server.fetch(`/api/tokens/${created.id}`, { method: 'DELETE' })).status).toBe(204);
    const response = await server.fetch('/api/conversations', { token: created.token });
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe('invalid_api_key');
  });

  it('is shown once, and remembers its last use by the minute', async () => {
    await startOnLoopback();
    const { token, id } = await server.json<CreatedToken>('/api/tokens', { method: 'POST' });
    expect(await list()).toEqual({ tokens: [{ id, name: 'script', created_at: time, last_used_at: null }] });
    const firstUse = time;
    await server.fetch('/api/models', { token });
    time += 30_000;
    await server.fetch('/api/models', { token });
    expect((await list()).tokens[0]?.last_used_at).toBe(firstUse);
    time += 30_000;
    await server.fetch('/api/models', { token });
    expect((await list()).tokens[0]?.last_used_at).toBe(time);
  });
});
