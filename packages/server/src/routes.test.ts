import type { RouteOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedToken } from '@parley/contracts';
import { buildService } from '@parley/service-kit';
import { silentLogger } from '@parley/service-kit/testing';
import { hashToken } from './accounts/credentials.ts';
import { buildServer, type ServerParts } from './build-server.ts';
import { openDatabase } from './database/open-database.ts';
import { RowMaker } from './knowledge/testing/row-maker.ts';
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
  const parts = { reach: { host: '127.0.0.1', allowedHosts: [] }, webRoot: null, secret: '', knowledge: {} };
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

interface OwnedBase {
  id: string;
  /** The base of the conversation's files. */
  files: string;
  document: string;
  version: string;
  chunk: string;
  space: string;
  judgement: string;
}

/** A private base of the owner's with one of everything, put into the database beside the server. */
async function addBase(conversationId: string): Promise<OwnedBase> {
  const ids = { id: 'base', files: 'files', document: 'doc', version: '', chunk: '', space: '', judgement: 'pin' };
  const db = await openDatabase({ home: server.home, now: () => 1 });
  const { id: ownerId } = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  const times = { created_at: 1, updated_at: 1 };
  const row = { owner_id: ownerId, name: 'Mine', description: '', visibility: 'private' as const, settings: '{}' };
  await db
    .insertInto('knowledge_bases')
    .values([
      { ...row, id: ids.id, kind: 'base', conversation_id: null, ...times },
      { ...row, id: ids.files, kind: 'conversation', conversation_id: conversationId, ...times },
    ])
    .execute();
  const rows = new RowMaker(db);
  const file = { name: 'a.txt', mediaType: 'text/plain', hash: 'none', size: 1 };
  ids.document = await rows.document(ids.id, file);
  ids.space = await rows.space(ids.id, 'some-model');
  const chunk = await db.selectFrom('chunks').selectAll().executeTakeFirstOrThrow();
  const judgement = { id: ids.judgement, base_id: ids.id, document_id: ids.document, message_id: null, created_at: 1 };
  await db
    .insertInto('judgements')
    .values({ ...judgement, query: 'q', start: 0, end: 1, grade: 1, origin: 'pin' })
    .execute();
  await db.destroy();
  return { ...ids, chunk: chunk.id, version: chunk.version_id };
}

/** Routes of the installation rather than of somebody's objects. */
const isForOwners = (url: string) => url.startsWith('/api/model-admin');

/** What every route that takes a body would accept. */
function bodyForAll({ document, version }: OwnedBase) {
  const named = { title: 'Mine', name: 'Mine', url: 'https://example.com/', model: 'm', is_enabled: true, score: 1 };
  const text = { version_id: version, start: 0, end: 1, text: 'x' };
  return { ...named, ...text, visibility: 'private', users: [], query: 'q', document_id: document, grade: 1 };
}

/** The route with this id, and the parts of the base in the places of its other parameters. */
function withIds(url: string, id: string, base?: OwnedBase): string {
  return url
    .replace(':id', id)
    .replace(':documentId', base?.document ?? 'none')
    .replace(':spaceId', base?.space ?? 'none')
    .replace(':judgementId', base?.judgement ?? 'none');
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
      const response = await server.fetch(withIds(url, 'some'), { method, token: null });
      expect(`${method} ${url} ${response.status}`).toBe(`${method} ${url} 401`);
    }
  });

  it('answers 404 for what belongs to somebody else, as for what does not exist', async () => {
    const reader = await server.chat({ query: 'Mine' });
    const { conversation_id, message_id, user_message_id } = await reader.until('start');
    const { id: tokenId } = await server.json<CreatedToken>('/api/tokens', { method: 'POST' });
    const stranger = await addStranger();
    const base = await addBase(conversation_id);
    const ids: Record<string, string[]> = {
      conversations: [conversation_id],
      messages: [message_id, user_message_id],
      tokens: [tokenId],
      documents: ['none', base.document],
      'knowledge-bases': [base.id, base.files],
      chunks: [base.chunk],
    };
    const routes = (await apiRoutes()).filter(({ url }) => url.includes(':id') && !isForOwners(url));
    expect(routes.length).toBeGreaterThan(7);
    for (const { method, url } of routes) {
      const kind = url.split('/')[2] ?? '';
      expect(`${url}: ${ids[kind]?.length ?? 'no'} objects`).not.toBe(`${url}: no objects`);
      for (const id of ids[kind] ?? []) {
        const call = {
          method,
          token: stranger,
          ...(method === 'GET' || method === 'DELETE' ? {} : { body: bodyForAll(base) }),
        };
        const response = await server.fetch(`${withIds(url, id, base)}?name=a.txt`, call);
        await response.body?.cancel();
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

  it('answers 403 to everyone but owners where the installation is looked after', async () => {
    const stranger = await addStranger();
    const routes = (await apiRoutes()).filter(({ url }) => isForOwners(url));
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, url } of routes) {
      const response = await server.fetch(withIds(url, 'some'), { method, token: stranger });
      expect(`${method} ${url} ${response.status}`).toBe(`${method} ${url} 403`);
    }
  });

  it.each(['null', '[]', '"text"', '7', '{"query": ["x"]}', '{broken'])(
    'is not broken by the body %s',
    async (body) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${TEST_SECRET}` };
      for (const { method, url } of await apiRoutes()) {
        if (method === 'GET' || method === 'DELETE') continue;
        const response = await fetch(server.address + withIds(url, 'none'), { method, headers, body });
        await response.body?.cancel();
        expect(response.status, `${method} ${url}`).toBeLessThan(500);
      }
    },
  );
});
