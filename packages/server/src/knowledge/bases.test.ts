import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParleyError, type KnowledgeBase } from '@parley/contracts';
import { KnowledgeServer } from './testing/knowledge-server.ts';

let server: KnowledgeServer;

beforeEach(async () => {
  server = await KnowledgeServer.start();
  for (const name of ['Ada', 'Bob', 'Eve']) await server.addUser(name);
});

afterEach(() => server.dispose());

const list = async (user: string) => (await server.json<{ bases: KnowledgeBase[] }>(user, '/knowledge-bases')).bases;
const patch = (id: string, body: unknown) =>
  server.json<KnowledgeBase>('Ada', `/knowledge-bases/${id}`, { method: 'PATCH', body });

describe('a knowledge base', () => {
  it('has every setting when only its name is given, and belongs to who made it', async () => {
    const base = await server.createBase('Ada', { name: ' Laws ' });
    expect(base).toMatchObject({
      name: 'Laws',
      description: '',
      kind: 'base',
      role: 'owner',
      owner_name: 'Ada',
      visibility: 'private',
      settings: {
        split: { max_tokens: 350, overlap_tokens: 0 },
        retrieval: { dense_weight: 0.5, rerank_model: null, passages: 5 },
        prompts: { en: null, zh: null },
        vector_store: 'embedded',
      },
      documents: { ready: 0, running: 0, failed: 0 },
      chunks: 0,
      spaces: [],
      alarms: [],
    });
    expect(await server.json('Ada', `/knowledge-bases/${base.id}`)).toEqual(base);
  });

  it('counts documents by how they stand, passages, vectors and alarms, in the list as alone', async () => {
    const base = await server.createBase('Ada', { name: 'Full', embedding_model: 'embedding-3' });
    await server.createBase('Ada', { name: 'Empty' });
    for (const state of ['ready', 'queued', 'embedding', 'failed', 'cancelled', 'set-aside']) {
      const { id } = await server.upload('Ada', base.id, { name: `${state}.txt` });
      await server.db.updateTable('documents').set({ state }).where('id', '=', id).execute();
    }
    const chunk = await server.db.selectFrom('chunks').select('id').executeTakeFirstOrThrow();
    await server.db.updateTable('embedding_spaces').set({ dimensions: 1 }).execute();
    const vector = { space_id: base.spaces[0]!.id, chunk_id: chunk.id, dimensions: 1, vector: new Uint8Array(4) };
    await server.db.insertInto('chunk_vectors').values(vector).execute();
    const alarm = { kind: 'embedding-failed' as const, message: 'It did not answer.', since: 1 };
    server.alarms.set(base.id, [alarm]);
    const counted = {
      documents: { ready: 1, running: 2, failed: 3 },
      chunks: 6,
      alarms: [alarm],
      spaces: [{ model: 'embedding-3', state: 'active', done: 1, total: 6, error: null, dimensions: 1 }],
    };
    expect(await server.json('Ada', `/knowledge-bases/${base.id}`)).toMatchObject(counted);
    const bases = await list('Ada');
    expect(bases.map(({ name }) => name)).toEqual(['Empty', 'Full']);
    expect(bases[1]).toMatchObject(counted);
    expect(bases[0]).toMatchObject({ chunks: 0, documents: { ready: 0 }, spaces: [], alarms: [] });
  });

  it('keeps each setting that a change does not name', async () => {
    const { id } = await server.createBase('Ada', {
      settings: { retrieval: { dense_weight: 0.8, passages: 9 }, prompts: { en: 'Use {passages}.' } },
    });
    const changed = await patch(id, { settings: { retrieval: { passages: 3 }, prompts: { zh: '根据 {passages}。' } } });
    expect(changed.settings.retrieval).toEqual({ dense_weight: 0.8, passages: 3, rerank_model: null });
    expect(changed.settings.prompts).toEqual({ en: 'Use {passages}.', zh: '根据 {passages}。' });
    expect(await patch(id, { description: 'About laws.' })).toMatchObject({
      name: 'Base',
      description: 'About laws.',
      settings: changed.settings,
    });
    expect(server.ingestion.calls).toEqual([]);
  });

  it('has its documents cut anew when the way to cut them changed, and only then', async () => {
    const { id } = await server.createBase('Ada');
    await patch(id, { settings: { split: { max_tokens: 350 } } });
    expect(server.ingestion.calls).toEqual([]);
    await patch(id, { settings: { split: { max_tokens: 200 } } });
    expect(server.ingestion.calls).toEqual([['splitAnew', id]]);
  });

  it('loses nothing when two change it at once', async () => {
    const { id } = await server.createBase('Ada');
    const changes = [{ dense_weight: 0.9 }, { passages: 9 }, { rerank_model: 'order' }];
    await Promise.all(changes.map((retrieval) => patch(id, { settings: { retrieval } })));
    const { settings } = await server.json<KnowledgeBase>('Ada', `/knowledge-bases/${id}`);
    expect(settings.retrieval).toEqual({ dense_weight: 0.9, passages: 9, rerank_model: 'order' });
  });

  it('counts what is searched, and not what is still being written', async () => {
    const { id } = await server.createBase('Ada', { embedding_model: 'm' });
    const { id: documentId } = await server.upload('Ada', id, { name: 'a.txt' });
    const written = { document_id: documentId, number: 2, file_hash: null, title: 'a', language: 'en', created_at: 1 };
    const version = { ...written, id: 'v2', pages: '[]', flags: '[]', length: 4 };
    await server.db.insertInto('document_versions').values(version).execute();
    const passage = { base_id: id, document_id: documentId, version_id: 'v2', ordinal: 0, page: null, text: 'More' };
    const rest = { heading_path: '[]', flags: '[]', is_enabled: 1, start: 0, end: 4, hash: 'h' };
    await server.db
      .insertInto('chunks')
      .values({ id: 'c', ...passage, ...rest })
      .execute();
    expect(await server.json('Ada', `/knowledge-bases/${id}`)).toMatchObject({
      chunks: 1,
      spaces: [{ done: 0, total: 1 }],
    });
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(121) }, 'name'],
    [{ settings: { split: { max_tokens: 100, overlap_tokens: 100 } } }, 'settings.split.overlap_tokens'],
    [{ settings: { retrieval: { dense_weight: 2 } } }, 'settings.retrieval.dense_weight'],
    [{ settings: { prompts: { en: 'No place for what was found.' } } }, 'settings.prompts.en'],
  ])('names the field that %j has wrong, when it is made and when it is changed', async (body, param) => {
    const { id } = await server.createBase('Ada');
    const made = await server.fetch('Ada', '/knowledge-bases', { method: 'POST', body: { name: 'x', ...body } });
    const changed = await server.fetch('Ada', `/knowledge-bases/${id}`, { method: 'PATCH', body });
    for (const response of [made, changed]) {
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', param } });
    }
  });

  it('is not left behind without the model that it was made with', async () => {
    server.ingestion.modelError = new ParleyError('model_not_found', 'There is no such model.');
    const body = { name: 'Base', embedding_model: 'none' };
    const response = await server.fetch('Ada', '/knowledge-bases', { method: 'POST', body });
    expect(response.status).toBe(404);
    expect(await list('Ada')).toEqual([]);
  });

  it('goes to another model, and back to the one before', async () => {
    const { id, spaces } = await server.createBase('Ada', { embedding_model: 'one' });
    const path = `/knowledge-bases/${id}`;
    const body = { model: 'two' };
    const changed = await server.json<KnowledgeBase>('Ada', `${path}/embedding-model`, { method: 'PUT', body });
    expect(changed.spaces.map(({ model, state }) => `${model} ${state}`)).toEqual(['two active', 'one retired']);
    await server.json('Ada', `${path}/spaces/${spaces[0]!.id}/activate`, { method: 'POST' });
    await server.json('Ada', `${path}/embedding-model`, { method: 'PUT', body: { model: null } });
    expect(server.ingestion.calls).toEqual([
      ['chooseEmbeddingModel', id, 'one'],
      ['chooseEmbeddingModel', id, 'two'],
      ['activateSpace', id, spaces[0]!.id],
      ['chooseEmbeddingModel', id, null],
    ]);
  });

  it('is removed with all that belongs to it', async () => {
    const { id } = await server.createBase('Ada');
    await server.upload('Ada', id, { name: 'a.txt' });
    expect((await server.fetch('Ada', `/knowledge-bases/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await server.fetch('Ada', `/knowledge-bases/${id}`)).status).toBe(404);
    expect(server.ingestion.calls.at(-1)).toEqual(['removeBase', id]);
  });
});

describe('sharing', () => {
  it('names people as they sign in, whatever the case, and is undone by leaving them out', async () => {
    const { id } = await server.createBase('Ada');
    const shared = await server.share(id, 'Ada', {
      users: [
        { name: 'bOB', role: 'editor' },
        { name: 'Eve', role: 'reader' },
      ],
    });
    const users = [
      { name: 'Bob', role: 'editor' },
      { name: 'Eve', role: 'reader' },
    ];
    expect(shared).toEqual({ visibility: 'private', users });
    expect(await server.json('Ada', `/knowledge-bases/${id}/sharing`)).toEqual(shared);
    expect(await list('Bob')).toMatchObject([{ id, role: 'editor', owner_name: 'Ada' }]);
    await server.share(id, 'Ada', { users: users.slice(1) });
    expect(await list('Bob')).toEqual([]);
    expect(await list('Eve')).toMatchObject([{ id, role: 'reader' }]);
  });

  it('shows a public base to everybody as a reader, and to its editors as such', async () => {
    const { id } = await server.createBase('Ada');
    await server.share(id, 'Ada', { visibility: 'public', users: [{ name: 'Bob', role: 'editor' }] });
    expect(await list('Eve')).toMatchObject([{ id, role: 'reader', visibility: 'public' }]);
    expect(await list('Bob')).toMatchObject([{ id, role: 'editor' }]);
  });

  it.each([
    ['nobody', [{ name: 'Mallory', role: 'reader' }], 'users.0.name'],
    [
      'the owner',
      [
        { name: 'Bob', role: 'reader' },
        { name: 'ada', role: 'editor' },
      ],
      'users.1.name',
    ],
    [
      'one twice',
      [
        { name: 'Bob', role: 'reader' },
        { name: 'BOB', role: 'editor' },
      ],
      'users.1.name',
    ],
    ['another owner', [{ name: 'Bob', role: 'owner' }], 'users.0.role'],
  ])('is refused for %s, and stays as it was', async (_, users, param) => {
    const { id } = await server.createBase('Ada');
    const body = { visibility: 'public', users };
    const response = await server.fetch('Ada', `/knowledge-bases/${id}/sharing`, { method: 'PUT', body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
    expect(await server.json('Ada', `/knowledge-bases/${id}/sharing`)).toEqual({ visibility: 'private', users: [] });
  });
});

describe('the bases that somebody may read', () => {
  it('are all that were asked for, each once, or an error; or those that are left', async () => {
    const { access } = server.knowledge;
    const [mine, theirs] = [await server.createBase('Ada'), await server.createBase('Bob')];
    const shared = await server.createBase('Bob');
    await server.share(shared.id, 'Bob', { users: [{ name: 'Ada', role: 'reader' }] });
    expect(await access.require('Ada', [shared.id, mine.id, shared.id])).toEqual([shared.id, mine.id]);
    await expect(access.require('Ada', [mine.id, theirs.id])).rejects.toMatchObject({
      code: 'knowledge_base_not_found',
    });
    expect(await access.filter('Ada', ['none', theirs.id, mine.id])).toEqual([mine.id]);
    expect(await access.require('Ada', [])).toEqual([]);
  });
});
