import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KnowledgeBase, ModelViewList } from '@parley/contracts';
import { addUser } from '../doors/testing/add-user.ts';
import { fakeModel } from '../testing/test-server.ts';
import { ModelServer } from './testing/model-server.ts';

let server: ModelServer;
/** Tokens of two members. */
let eve: string;
let max: string;

const vectors = { ...fakeModel, name: 'vectors', purpose: 'embedding' as const };
const ranks = { ...fakeModel, name: 'ranks', purpose: 'rerank' as const };
const second = { ...fakeModel, name: 'second' };
const administration = {
  origin: 'config-file' as const,
  provider: null,
  upstream_model: null,
  file: null,
  local: null,
  prices: null,
};

beforeEach(async () => {
  server = new ModelServer();
  const configured = {
    ...second,
    administration: { ...administration, access: { mode: 'owner' as const, users: [] } },
  };
  await server.start({ catalogue: [fakeModel, configured, vectors, ranks], embedding_model: 'vectors' });
  server.gateway.models = [fakeModel.name, 'second', 'vectors', 'ranks'];
  eve = await addUser(server.home, 'eve');
  max = await addUser(server.home, 'max');
});

afterEach(() => server.dispose());

const allow = (name: string, access: unknown) => server.admin(`/models/${name}`, { method: 'PATCH', body: { access } });
const namesFor = async (token?: string) => {
  const { models } = await server.json<ModelViewList>('/api/models', token === undefined ? {} : { token });
  return models.map(({ name }) => name);
};
const statusOf = async (path: string, token: string, call: { method?: string; body: unknown }) =>
  (await server.fetch(path, { method: 'POST', token, ...call })).status;

describe('who may use a model', () => {
  it('is everyone, unless it is said', async () => {
    expect(await namesFor(eve)).toEqual([fakeModel.name, 'vectors', 'ranks']);
    expect(await namesFor()).toEqual([fakeModel.name, 'second', 'vectors', 'ranks']);
  });

  it('may be the owner alone, or those who are named; what the page says goes before the configuration', async () => {
    await allow('second', { mode: 'chosen', users: ['Eve'] });
    await allow(fakeModel.name, { mode: 'owner' });
    expect(await namesFor(eve)).toEqual(['second', 'vectors', 'ranks']);
    expect(await namesFor(max)).toEqual(['vectors', 'ranks']);
    expect(await namesFor()).toHaveLength(4);
    await allow('second', { mode: 'everyone' });
    expect(await namesFor(max)).toContain('second');
  });

  it('is told how much a model of this machine really holds', async () => {
    await server.host.run(fakeModel.name, { context_length: 1_024 });
    const { models } = await server.json<ModelViewList>('/api/models');
    expect(models[0]).toMatchObject({ name: fakeModel.name, context_length: 1_024 });
  });

  it('sees nothing of its settings', async () => {
    const { models } = await server.json<{ models: object[] }>('/api/models');
    expect(models.flatMap((model) => Object.keys(model))).not.toContain('administration');
  });
});

describe('a model that somebody may not use', () => {
  it('is to them as one that is not there', async () => {
    const response = await server.fetch('/api/chat', {
      method: 'POST',
      token: eve,
      body: { query: 'Hi', model: 'second' },
    });
    expect(response.status).toBe(404);
    const message = `There is no model "second". There are: ${fakeModel.name}.`;
    expect(await response.json()).toMatchObject({ error: { code: 'model_not_found', message } });
  });

  it('cannot be named at any door', async () => {
    for (const name of ['vectors', 'ranks']) await allow(name, { mode: 'chosen', users: ['max'] });
    const reader = await server.chat({ query: 'Hi' }, { token: eve });
    const { conversation_id, message_id } = await reader.until('start');
    await reader.rest();
    const call = { method: 'POST', token: eve };
    const base = await server.json<KnowledgeBase>('/api/knowledge-bases', { ...call, body: { name: 'Mine' } });
    const reranked = { settings: { retrieval: { rerank_model: 'ranks' } } };
    const doors: [string, string, object][] = [
      ['POST', '/api/chat', { query: 'Hi', model: 'second' }],
      ['POST', '/api/chat', { query: 'And?', model: 'second', conversation_id }],
      ['POST', '/api/chat', { query: 'Edited', model: 'second', conversation_id, parent_id: null }],
      ['POST', `/api/messages/${message_id}/regenerate`, { model: 'second' }],
      ['POST', '/api/knowledge-bases', { name: 'B', embedding_model: 'vectors' }],
      ['POST', '/api/knowledge-bases', { name: 'B', ...reranked }],
      ['PATCH', `/api/knowledge-bases/${base.id}`, reranked],
      ['PUT', `/api/knowledge-bases/${base.id}/embedding-model`, { model: 'vectors' }],
      // By the model of the settings, which nobody names there.
      ['POST', '/v1/vector_stores', { name: 'Store' }],
    ];
    for (const [method, path, body] of doors) {
      const response = await server.fetch(path, { ...call, method, body });
      const { error } = (await response.json()) as { error: { code: string } };
      expect([method, path, response.status, error.code]).toEqual([method, path, 404, 'model_not_found']);
    }
    const { bases } = await server.json<{ bases: object[] }>('/api/knowledge-bases', {
      token: eve,
    });
    expect(bases).toHaveLength(1);
  });

  it('is not even reached by what only an owner does with models', async () => {
    for (const path of ['', '/models/second/log', '/library', '/downloads', '/servers', '/connections/none/models']) {
      expect((await server.fetch(`/api/model-admin${path}`, { token: eve })).status).toBe(403);
    }
  });

  it('does not go on answering when it was taken away', async () => {
    await allow('second', { mode: 'everyone' });
    const reader = await server.chat({ query: 'Hi', model: 'second' }, { token: eve });
    const { conversation_id, message_id } = await reader.until('start');
    await reader.rest();
    await allow('second', { mode: 'owner' });
    const next = await server.chat({ query: 'And?', conversation_id }, { token: eve });
    expect(await next.until('start')).toMatchObject({ model: fakeModel.name });
    await next.rest();
    const again = await server.stream(`/api/messages/${message_id}/regenerate`, { method: 'POST', token: eve });
    expect(await again.until('start')).toMatchObject({ model: fakeModel.name });
    await again.rest();
  });

  it('cannot be chosen for a knowledge base', async () => {
    await allow('vectors', { mode: 'owner' });
    await allow('ranks', { mode: 'owner' });
    const settings = { retrieval: { rerank_model: 'ranks' } };
    expect(await statusOf('/api/knowledge-bases', eve, { body: { name: 'B', embedding_model: 'vectors' } })).toBe(404);
    expect(await statusOf('/api/knowledge-bases', eve, { body: { name: 'B', settings } })).toBe(404);
    const base = await server.json<KnowledgeBase>('/api/knowledge-bases', {
      method: 'POST',
      token: eve,
      body: { name: 'B' },
    });
    const path = `/api/knowledge-bases/${base.id}`;
    expect(await statusOf(path, eve, { method: 'PATCH', body: { settings } })).toBe(404);
    expect(await statusOf(`${path}/embedding-model`, eve, { method: 'PUT', body: { model: 'vectors' } })).toBe(404);
    await allow('ranks', { mode: 'chosen', users: ['eve'] });
    expect(await statusOf(path, eve, { method: 'PATCH', body: { settings } })).toBe(200);
    await allow('ranks', { mode: 'owner' });
    expect(await statusOf(path, eve, { method: 'PATCH', body: { name: 'C', settings } })).toBe(200);
  });

  it('cannot be gone back to in a knowledge base', async () => {
    const call = { method: 'POST', token: eve };
    const { id } = await server.json<KnowledgeBase>('/api/knowledge-bases', { ...call, body: { name: 'B' } });
    const path = `/api/knowledge-bases/${id}`;
    const choose = (model: string | null) =>
      statusOf(`${path}/embedding-model`, eve, { method: 'PUT', body: { model } });
    expect([await choose('vectors'), await choose(null)]).toEqual([200, 200]);
    const { spaces } = await server.json<KnowledgeBase>(path, { token: eve });
    const goBack = () => statusOf(`${path}/spaces/${spaces[0]?.id}/activate`, eve, { body: {} });
    await allow('vectors', { mode: 'owner' });
    expect(await goBack()).toBe(404);
    await allow('vectors', { mode: 'everyone' });
    expect(await goBack()).toBe(200);
  });
});
