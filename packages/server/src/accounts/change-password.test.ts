import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedToken, SessionState } from '@parley/contracts';
import { TestServer } from '../testing/test-server.ts';

const OLD = 'correct horse';
const NEW = 'battery staple';
let server: TestServer;

beforeEach(async () => {
  server = new TestServer();
  await server.start();
});

afterEach(() => server.dispose());

interface PageCall {
  method: 'GET' | 'POST' | 'PUT';
  body?: unknown;
  cookie?: string;
}

/** As the page sends it: with its origin and its cookie, without a token. */
function fromPage(path: string, { method, body, cookie = '' }: PageCall): Promise<Response> {
  const headers = { origin: server.address, ...(cookie && { cookie }) };
  return server.fetch(path, { token: null, method, headers, ...(body === undefined ? {} : { body }) });
}

const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;
const signIn = (password?: string) => fromPage('/api/session', { method: 'POST', body: password ? { password } : {} });
const stateOf = async (cookie = '') =>
  (await (await fromPage('/api/session', { method: 'GET', cookie })).json()) as SessionState;
const change = (cookie: string, body: object) => fromPage('/api/session/password', { method: 'PUT', body, cookie });
const reset = (password: string) =>
  server.fetch('/api/session/password', { method: 'PUT', body: { password } }).then(({ status }) => status);

async function createOwner(password?: string): Promise<string> {
  const body = { name: 'Ada', ...(password && { password }) };
  return cookieOf(await fromPage('/api/session/owner', { method: 'POST', body }));
}

describe('from the page', () => {
  it('sets the first password, which is asked for from then on', async () => {
    const cookie = await createOwner();
    expect(await stateOf(cookie)).toMatchObject({ account: { has_password: false }, sign_in: 'one-click' });
    expect((await change(cookie, { password: NEW })).status).toBe(204);
    expect(await stateOf(cookie)).toMatchObject({ account: { has_password: true }, sign_in: 'password' });
    expect(await codeOf(await signIn())).toBe('wrong_credentials');
    expect((await signIn(NEW)).status).toBe(200);
  });

  it('replaces a password only for who knows it', async () => {
    const cookie = await createOwner(OLD);
    expect(await codeOf(await change(cookie, { password: NEW }))).toBe('wrong_credentials');
    expect(await codeOf(await change(cookie, { current_password: 'a guess', password: NEW }))).toBe(
      'wrong_credentials',
    );
    expect((await signIn(OLD)).status).toBe(200);
    expect((await change(cookie, { current_password: OLD, password: NEW })).status).toBe(204);
    expect((await signIn(OLD)).status).toBe(401);
    expect((await signIn(NEW)).status).toBe(200);
  });

  it('keeps the browser signed in that asked, and signs the others out', async () => {
    const asking = await createOwner(OLD);
    const other = cookieOf(await signIn(OLD));
    expect((await stateOf(other)).account).not.toBeNull();
    await change(asking, { current_password: OLD, password: NEW });
    expect((await stateOf(asking)).account).toMatchObject({ name: 'Ada' });
    expect((await stateOf(other)).account).toBeNull();
  });

  it('takes one of two first passwords that come at once', async () => {
    const cookie = await createOwner();
    const both = await Promise.all([change(cookie, { password: OLD }), change(cookie, { password: NEW })]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 401]));
  });

  it('names the field when the new password is too short', async () => {
    const response = await change(await createOwner(), { password: 'short' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'password' } });
  });
});

describe('by a token of a script', () => {
  it('asks for the current password too, and then signs all browsers out', async () => {
    const cookie = await createOwner(OLD);
    const { token } = await server.json<CreatedToken>('/api/tokens', { method: 'POST' });
    const put = (body: object) => server.fetch('/api/session/password', { method: 'PUT', token, body });
    expect(await codeOf(await put({ password: NEW }))).toBe('wrong_credentials');
    expect((await put({ current_password: OLD, password: NEW })).status).toBe(204);
    expect((await stateOf(cookie)).account).toBeNull();
    expect((await server.fetch('/api/conversations', { token })).status).toBe(200);
  });
});

describe('by the secret of the installation', () => {
  it('replaces a password that nobody remembers, and signs all browsers out', async () => {
    const cookies = [await createOwner(OLD), cookieOf(await signIn(OLD))];
    expect(await reset(NEW)).toBe(204);
    for (const cookie of cookies) expect((await stateOf(cookie)).account).toBeNull();
    expect((await signIn(OLD)).status).toBe(401);
    expect((await signIn(NEW)).status).toBe(200);
  });

  it('lets nobody stay who was signing in with the old password meanwhile', async () => {
    await createOwner(OLD);
    const [status, ...signedIn] = await Promise.all([reset(NEW), signIn(OLD), signIn(OLD), signIn(OLD)]);
    expect(status).toBe(204);
    for (const response of signedIn) expect((await stateOf(cookieOf(response))).account).toBeNull();
  });

  it('gives the owner a password before there is one, and an owner before there is one', async () => {
    expect(await reset(NEW)).toBe(204);
    expect(await stateOf()).toMatchObject({ account: null, sign_in: 'password' });
    expect((await signIn(NEW)).status).toBe(200);
  });

  it('lets the new password in at once, whatever was guessed before', async () => {
    await createOwner(OLD);
    await Promise.all(Array.from({ length: 6 }, () => signIn('a wrong guess')));
    expect((await signIn(OLD)).status).toBe(429);
    await reset(NEW);
    expect((await signIn(NEW)).status).toBe(200);
  });
});
