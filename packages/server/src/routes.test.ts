import type { RouteOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedToken } from '@parley/contracts';
import { buildService } from '@parley/service-kit';
import { silentLogger } from '@parley/service-kit/testing';
import { hashToken } from './accounts/credentials.ts';
import { buildServer, type ServerParts } from './build-server.ts';
import { openDatabase } from './database/open-database.ts';
import { ScriptedAnswerModel } from './testing/scripted-answer-model.ts';
import { TEST_SECRET, TestServer } from './testing/test-server.ts';

let server: TestServer;
let model: ScriptedAnswerModel;

beforeEach(async () => {
  server = new TestServer();
  model = new ScriptedAnswerModel();
  await server.start({}, { answerModel: model });
});

afterEach(() => server.dispose());

/** Every route of `/api`, as it is registered: a new one is walked without being named here. */
async function apiRoutes(): Promise<{ method: string; url: string; isOpen: boolean }[]> {
  const routes: RouteOptions[] = [];
  const app = buildService({ name: 'server', logger: silentLogger(), bodyLimit: 1 });
  app.addHook('onRoute', (route) => void routes.push(route));
  const parts = { reach: { host: '127.0.0.1', allowedHosts: [] }, webRoot: null, secret: '' };
  // Only the registration is looked at; no handler runs.
  await buildServer(app, parts as unknown as ServerParts);
  await app.close();
  return routes
    .filter(({ url }) => url.startsWith('/api/'))
    .flatMap(({ method, url, config }) =>
      [method].flat().map((name) => ({ method: name, url, isOpen: config?.isOpen === true })),
    )
    .filter(({ method }) => method !== 'HEAD');
}

/** A second account with a token, put into the database beside the server. */
async function addStranger(): Promise<string> {
  const token = 'parley_of-a-stranger';
  const db = await openDatabase({ home: server.home, now: () => 1 });
  const user = {
    id: 'stranger',
    name: 'Eve',
    name_key: 'eve',
    role: 'member' as const,
    password_hash: null,
    created_at: 1,
  };
  await db.insertInto('users').values(user).execute();
  const row = {
    id: 'their-token',
    user_id: 'stranger',
    name: 'x',
    token_hash: hashToken(token),
    created_at: 1,
    last_used_at: null,
  };
  await db.insertInto('tokens').values(row).execute();
  await db.destroy();
  return token;
}

describe('every route', () => {
  it('asks who is there, unless it is open on purpose', async () => {
    const routes = await apiRoutes();
    const open = routes.filter(({ isOpen }) => isOpen).map(({ method, url }) => `${method} ${url}`);
    expect(open.toSorted()).toEqual([
      'DELETE /api/session',
      'GET /api/health',
      'GET /api/session',
      'POST /api/session',
      'POST /api/session/owner',
    ]);
    expect(routes.length).toBeGreaterThan(15);
    for (const { method, url } of routes.filter(({ isOpen }) => !isOpen)) {
      const response = await server.fetch(url.replace(':id', 'some'), { method, token: null });
      expect(`${method} ${url} ${response.status}`).toBe(`${method} ${url} 401`);
    }
  });

  it('answers 404 for what belongs to somebody else, as for what does not exist', async () => {
    const reader = await server.chat({ query: 'Mine' });
    const { conversation_id, message_id, user_message_id } = await reader.until('start');
    const { id: tokenId } = await server.json<CreatedToken>('/api/tokens', { method: 'POST' });
    const stranger = await addStranger();
    const ids: Record<string, string[]> = {
      conversations: [conversation_id],
      messages: [message_id, user_message_id],
      tokens: [tokenId],
      documents: ['none'],
    };
    const routes = (await apiRoutes()).filter(({ url }) => url.includes(':id'));
    expect(routes.length).toBeGreaterThan(7);
    for (const { method, url } of routes) {
      for (const id of ids[url.split('/')[2] ?? ''] ?? []) {
        const call = {
          method,
          token: stranger,
          ...(method === 'GET' || method === 'DELETE' ? {} : { body: { title: 'Mine' } }),
        };
        const response = await server.fetch(url.replace(':id', id), call);
        expect(`${method} ${url} ${response.status}`).toBe(`${method} ${url} 404`);
      }
    }
    const bodies = [{ conversation_id }, { conversation_id, parent_id: message_id }, { parent_id: message_id }];
    for (const body of bodies) {
      const call = { method: 'POST', token: stranger, body: { query: 'Yours?', ...body } };
      expect((await server.fetch('/api/chat', call)).status).toBe(404);
    }
    expect(await server.json('/api/conversations', { token: stranger })).toEqual({ conversations: [], next: null });
    expect(await server.json(`/api/conversations/${conversation_id}`)).toMatchObject({ is_running: true });
  });

  it.each(['null', '[]', '"text"', '7', '{"query": ["x"]}', '{broken'])(
    'is not broken by the body %s',
    async (body) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${TEST_SECRET}` };
      for (const { method, url } of await apiRoutes()) {
        if (method === 'GET' || method === 'DELETE') continue;
        const response = await fetch(server.address + url.replace(':id', 'none'), { method, headers, body });
        await response.body?.cancel();
        expect(response.status, `${method} ${url}`).toBeLessThan(500);
      }
    },
  );
});
