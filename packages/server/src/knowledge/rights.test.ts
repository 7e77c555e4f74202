import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BaseRole, KnowledgeBase } from '@parley/contracts';
import { KnowledgeServer } from './testing/knowledge-server.ts';

/** Whoever may do the least; a base's owner is also the owner of the conversation. */
const LEAST: Record<string, BaseRole | 'anybody'> = {
  'GET /api/knowledge-bases': 'anybody',
  'POST /api/knowledge-bases': 'anybody',
  'POST /api/knowledge-bases/preview': 'anybody',
  'POST /api/knowledge-bases/preview-file': 'anybody',
  'GET /api/documents': 'anybody',
  'GET /api/knowledge-bases/:id': 'reader',
  'GET /api/knowledge-bases/:id/documents': 'reader',
  'GET /api/knowledge-bases/:id/documents/:documentId': 'reader',
  'GET /api/knowledge-bases/:id/events': 'reader',
  'GET /api/knowledge-bases/:id/searches': 'reader',
  'GET /api/documents/:id': 'reader',
  'GET /api/documents/:id/versions': 'reader',
  'GET /api/documents/:id/chunks': 'reader',
  'GET /api/documents/:id/file': 'reader',
  'PATCH /api/knowledge-bases/:id': 'editor',
  'POST /api/knowledge-bases/:id/documents': 'editor',
  'POST /api/knowledge-bases/:id/pages': 'editor',
  'POST /api/knowledge-bases/:id/verify': 'editor',
  'POST /api/knowledge-bases/:id/rebuild': 'editor',
  'GET /api/knowledge-bases/:id/judgements': 'editor',
  'POST /api/knowledge-bases/:id/judgements': 'editor',
  'DELETE /api/knowledge-bases/:id/judgements/:judgementId': 'editor',
  'PATCH /api/documents/:id': 'editor',
  'DELETE /api/documents/:id': 'editor',
  'POST /api/documents/:id/cancel': 'editor',
  'POST /api/documents/:id/retry': 'editor',
  'POST /api/documents/:id/refresh': 'editor',
  'PUT /api/documents/:id/text': 'editor',
  'PATCH /api/chunks/:id': 'editor',
  'DELETE /api/knowledge-bases/:id': 'owner',
  'GET /api/knowledge-bases/:id/sharing': 'owner',
  'PUT /api/knowledge-bases/:id/sharing': 'owner',
  'PUT /api/knowledge-bases/:id/embedding-model': 'owner',
  'POST /api/knowledge-bases/:id/spaces/:spaceId/activate': 'owner',
};
/** The object is the conversation: whoever does not own it does not find it. */
const FILES_BASE = 'POST /api/conversations/:id/files-base';
const ROLES = ['stranger', 'reader', 'public', 'editor', 'owner'] as const;
const RANKS = { stranger: -1, reader: 0, public: 0, editor: 1, owner: 2 };

let server: KnowledgeServer;

beforeAll(async () => {
  server = await KnowledgeServer.start();
  for (const name of ROLES) await server.addUser(name);
});

afterAll(() => server.dispose());

interface Objects {
  base: string;
  document: string;
  version: string;
  chunk: string;
  space: string;
  judgement: string;
  conversation: string;
}

let counter = 0;

/** A base with one of everything; public, or shared with the reader and the editor. */
async function makeObjects(visibility: 'private' | 'public'): Promise<Objects> {
  const { id: base } = await server.createBase('owner', { embedding_model: 'some-model' });
  const users = visibility === 'public' ? [] : ['reader', 'editor'].map((name) => ({ name, role: name }));
  await server.share(base, 'owner', { visibility, users });
  const { id: document, version_id: version } = await server.upload('owner', base, { name: 'a.txt' });
  await server.db.updateTable('documents').set({ kind: 'page' }).where('id', '=', document).execute();
  const chunk = await server.db
    .selectFrom('chunks')
    .select('id')
    .where('document_id', '=', document)
    .executeTakeFirstOrThrow();
  const space = await server.db
    .selectFrom('embedding_spaces')
    .select('id')
    .where('base_id', '=', base)
    .executeTakeFirstOrThrow();
  const pin = { query: 'q', document_id: document, start: 0, end: 3, grade: 2 };
  const judgement = await server.json<{ id: string }>('owner', `/knowledge-bases/${base}/judgements`, {
    method: 'POST',
    body: pin,
  });
  const conversation = `conversation-${(counter += 1)}`;
  const row = { id: conversation, user_id: 'owner', title: '', is_named: 0, created_at: 1, updated_at: 1 };
  await server.db.insertInto('conversations').values(row).execute();
  return { base, document, version: version!, chunk: chunk.id, space: space.id, judgement: judgement.id, conversation };
}

function pathOf(url: string, objects: Objects): string {
  const kind = url.split('/')[2];
  const ids: Record<string, string> = {
    'knowledge-bases': objects.base,
    documents: objects.document,
    chunks: objects.chunk,
    conversations: objects.conversation,
  };
  return url
    .replace('/api', '')
    .replace(':id', ids[kind!] ?? '')
    .replace(':documentId', objects.document)
    .replace(':spaceId', objects.space)
    .replace(':judgementId', objects.judgement)
    .concat('?name=b.txt');
}

/** A body that every route understands. */
function bodyFor(objects: Objects) {
  const sharing = { visibility: 'private', users: [] };
  const text = { version_id: objects.version, start: 0, end: 3, text: 'New' };
  const judgement = { query: 'another', document_id: objects.document, grade: 1 };
  return {
    name: 'New',
    title: 'New',
    is_enabled: true,
    model: 'm',
    url: 'https://example.com/',
    ...sharing,
    ...text,
    ...judgement,
  };
}

async function statusOf(route: string, user: string | null, objects: Objects): Promise<number> {
  const [method, url] = route.split(' ') as [string, string];
  const abort = new AbortController();
  const call = {
    method,
    signal: abort.signal,
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: bodyFor(objects) }),
  };
  const response = await server.fetch(user, pathOf(url, objects), call);
  abort.abort();
  return response.status;
}

describe('every route of knowledge bases', () => {
  it('is in the table of rights', () => {
    const routes = server.routes
      .filter(({ url }) => url.startsWith('/api/'))
      .map(({ method, url }) => `${method} ${url}`);
    expect(routes.toSorted()).toEqual([...Object.keys(LEAST), FILES_BASE].toSorted());
  });

  it.each(Object.entries(LEAST))('%s is for: %s', async (route, least) => {
    expect(await statusOf(route, null, await makeObjects('public'))).toBe(401);
    for (const user of ROLES) {
      const status = await statusOf(route, user, await makeObjects(user === 'public' ? 'public' : 'private'));
      const isAllowed = least === 'anybody' || RANKS[user] >= RANKS[least];
      const wanted = isAllowed ? '2xx' : user === 'stranger' ? '404' : '403';
      expect(`${user} ${wanted === '2xx' ? `${Math.floor(status / 100)}xx` : status}`).toBe(`${user} ${wanted}`);
    }
  });

  it('makes the base of a conversation for nobody but its owner', async () => {
    const objects = await makeObjects('public');
    expect(await statusOf(FILES_BASE, null, objects)).toBe(401);
    for (const user of ROLES) {
      expect(`${user} ${await statusOf(FILES_BASE, user, objects)}`).toBe(`${user} ${user === 'owner' ? 200 : 404}`);
    }
  });

  it('answers an unknown id as it answers a foreign one', async () => {
    const missing = 'none';
    const nothing = { base: missing, document: missing, version: missing, chunk: missing, space: missing };
    for (const route of Object.keys(LEAST).filter((name) => name.includes(':id'))) {
      const status = await statusOf(route, 'owner', { ...nothing, judgement: missing, conversation: missing });
      expect(`${route} ${status}`).toBe(`${route} 404`);
    }
  });

  it('does not take the parts of one base under the id of another', async () => {
    const [one, other] = [await makeObjects('private'), await makeObjects('private')];
    const mixed = { ...one, document: other.document, space: other.space, judgement: other.judgement };
    for (const route of [
      'GET /api/knowledge-bases/:id/documents/:documentId',
      'POST /api/knowledge-bases/:id/spaces/:spaceId/activate',
      'DELETE /api/knowledge-bases/:id/judgements/:judgementId',
      'POST /api/knowledge-bases/:id/judgements',
    ]) {
      expect(`${route} ${await statusOf(route, 'owner', mixed)}`).toBe(`${route} 404`);
    }
    const version = await server.fetch('owner', `/documents/${one.document}?version=${other.version}`);
    expect(version.status).toBe(404);
  });
});

describe('the files of a conversation', () => {
  it('are not listed, not shared, and not seen by anybody else', async () => {
    const { conversation } = await makeObjects('private');
    const path = `/conversations/${conversation}/files-base`;
    const base = await server.json<KnowledgeBase>('owner', path, { method: 'POST' });
    expect(base).toMatchObject({ kind: 'conversation', role: 'owner', name: 'Files' });
    const { bases } = await server.json<{ bases: KnowledgeBase[] }>('owner', '/knowledge-bases');
    expect(bases.map(({ id }) => id)).not.toContain(base.id);
    const sharing = { visibility: 'public', users: [] };
    const response = await server.fetch('owner', `/knowledge-bases/${base.id}/sharing`, {
      method: 'PUT',
      body: sharing,
    });
    expect(response.status).toBe(403);
    // Not even a row that should not be there opens it.
    await server.db.updateTable('knowledge_bases').set({ visibility: 'public' }).where('id', '=', base.id).execute();
    expect((await server.fetch('reader', `/knowledge-bases/${base.id}`)).status).toBe(404);
  });

  it('have one base, also when two tabs ask for it at once', async () => {
    const { conversation } = await makeObjects('private');
    const path = `/conversations/${conversation}/files-base`;
    const asked = Array.from({ length: 4 }, () => server.json<KnowledgeBase>('owner', path, { method: 'POST' }));
    const ids = (await Promise.all(asked)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  });
});
