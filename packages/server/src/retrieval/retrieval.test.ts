import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Evaluation, KnowledgeBase } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { FakeGateway } from '../testing/fake-gateway.ts';
import { FakeTextModels } from '../testing/fake-text-models.ts';
import { KnowledgeClient } from '../testing/knowledge-client.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let gateway: FakeGateway;
let models: FakeTextModels;
let knowledge: KnowledgeClient;

beforeEach(async () => {
  server = new TestServer();
  gateway = new FakeGateway();
  models = new FakeTextModels();
  gateway.texts = models;
  await server.start({ gateway_url: await gateway.start() });
  knowledge = new KnowledgeClient(server);
});

afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

const files = {
  'cats.md': '# Pets\n\nThe cat sleeps most of the day, on the warm oven.',
  'cars.md': '# Traffic\n\nThe car needs new tyres before the winter comes.',
  'tea.md': '# 茶\n\n绿茶要用八十度的水冲泡。',
};

/** A base with these files, searched by words and by meaning. */
async function createHybrid(model = 'embed-32'): Promise<KnowledgeBase> {
  const base = await knowledge.create('Things', { embedding_model: model });
  await knowledge.add(base.id, files);
  await waitUntil(async () => (await activeModel(base.id)) === model, 'the space is active', 30_000);
  return base;
}

async function activeModel(baseId: string): Promise<string | undefined> {
  return (await knowledge.read(baseId)).spaces.find(({ state }) => state === 'active')?.model;
}

const titlesOf = (trace: { hits: { title: string; index: number | null }[] }) =>
  trace.hits.filter(({ index }) => index !== null).map(({ title }) => title);

describe('a search', () => {
  it('finds by words in both languages, where there is no embedding model', async () => {
    const base = await knowledge.create('Words');
    await knowledge.add(base.id, files);
    expect(titlesOf(await knowledge.search([base.id], 'winter tyres'))).toEqual(['Traffic']);
    const chinese = await knowledge.search([base.id], '绿茶用多少度的水?');
    expect(titlesOf(chinese)).toEqual(['茶']);
    expect(chinese).toMatchObject({ alarms: [], timings: { embed_ms: null, dense_ms: null } });
  });

  it('finds a document from the moment that says it is ready', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      const base = await knowledge.create(name);
      await knowledge.upload(base.id, { 'tea.md': files['tea.md'] });
      const isReady = async () => (await knowledge.documents(base.id)).every(({ state }) => state === 'ready');
      await waitUntil(isReady, 'the document is ready', 30_000);
      expect(titlesOf(await knowledge.search([base.id], '绿茶用多少度的水?'))).toEqual(['茶']);
    }
  });

  it('finds by meaning what no word of the question says, and tells where each leg had it', async () => {
    const base = await createHybrid();
    const trace = await knowledge.search([base.id], 'feline');
    expect(trace.hits[0]).toMatchObject({ title: 'Pets', lexical: null, dense: { rank: 1 }, index: 1 });
    const both = await knowledge.search([base.id], 'winter automobile');
    expect(both.hits[0]).toMatchObject({ title: 'Traffic', lexical: { rank: 1 }, dense: { rank: 1 } });
    expect(both.timings).toMatchObject({ lexical_ms: expect.any(Number), dense_ms: expect.any(Number) });
    const { searches } = await server.json<{ searches: { query: string }[] }>(
      `/api/knowledge-bases/${base.id}/searches`,
    );
    expect(searches.map(({ query }) => query)).toEqual(['winter automobile', 'feline']);
  });

  it('says so when the embedding model is away, answers by words, and takes it back when it is there again', async () => {
    const base = await createHybrid();
    models.failing.add('embed-32');
    const half = await knowledge.search([base.id], 'winter tyres');
    expect(titlesOf(half)).toEqual(['Traffic']);
    expect(half.alarms).toMatchObject([{ kind: 'embedding-failed' }]);
    expect((await knowledge.read(base.id)).alarms).toMatchObject([{ kind: 'embedding-failed' }]);
    models.failing.clear();
    expect((await knowledge.search([base.id], 'winter tyres')).alarms).toEqual([]);
    expect((await knowledge.read(base.id)).alarms).toEqual([]);
  }, 60_000);

  it('searches several bases at once, of different models, and only in the documents that a filter means', async () => {
    const one = await createHybrid('embed-32');
    const other = await createHybrid('embed-64');
    const both = await knowledge.search([one.id, other.id], 'kitten');
    expect(new Set(both.hits.slice(0, 2).map(({ base_id }) => base_id))).toEqual(new Set([one.id, other.id]));
    const named = await knowledge.search([one.id], 'warm winter water', { filter: { name_contains: 'CAR' } });
    expect(new Set(titlesOf(named))).toEqual(new Set(['Traffic']));
    const [document] = await knowledge.documents(one.id);
    const ids = Array.from({ length: 10_000 }, (_, place) => `nobody-${place}`);
    const filter = { document_ids: [...ids, document!.id] };
    const sifted = await knowledge.search([one.id], 'cat car 绿茶', { filter });
    expect(new Set(sifted.hits.map(({ document_id }) => document_id))).toEqual(new Set([document!.id]));
    expect((await knowledge.search([one.id], 'cat', { filter: { document_ids: [] } })).hits).toEqual([]);
  }, 60_000);

  it('has its best passages ordered anew by a reranking model, and says when that is away', async () => {
    const base = await knowledge.create('Ranked', { settings: { retrieval: { rerank_model: 'rerank' } } });
    await knowledge.add(base.id, {
      'a.md': 'winter winter winter winter tyres',
      'b.md': 'The tyres that the winter asks for must be new.',
    });
    const trace = await knowledge.search([base.id], 'which new tyres for the winter');
    expect(trace.hits[0]).toMatchObject({ title: 'b', reranked: expect.any(Number) });
    models.failing.add('rerank');
    const other = await knowledge.create('Unranked');
    const plain = await knowledge.search([base.id, other.id], 'which new tyres for the winter');
    expect(plain.alarms).toMatchObject([{ kind: 'rerank-failed' }]);
    expect(titlesOf(plain)).toHaveLength(2);
    const alarmsOf = async (id: string) => (await knowledge.read(id)).alarms;
    expect(await alarmsOf(other.id)).toEqual([]);
    const [alarm] = await alarmsOf(base.id);
    await knowledge.search([base.id], 'which new tyres for the winter');
    expect(await alarmsOf(base.id)).toEqual([alarm]);
    const body = { settings: { retrieval: { rerank_model: null } } };
    await server.json(`/api/knowledge-bases/${base.id}`, { method: 'PATCH', body });
    expect(await alarmsOf(base.id)).toEqual([]);
  });

  it('says no more that an embedding model is away which nobody asks any more', async () => {
    const base = await createHybrid();
    models.failing.add('embed-32');
    await knowledge.search([base.id], 'winter tyres');
    const path = `/api/knowledge-bases/${base.id}/embedding-model`;
    await server.json(path, { method: 'PUT', body: { model: null } });
    expect((await knowledge.read(base.id)).alarms).toEqual([]);
  }, 60_000);

  it('says so when its vectors lie in a Chroma server that is configured no more', async () => {
    const base = await createHybrid();
    await server.close();
    const file = new DatabaseSync(join(server.home, 'parley.db'));
    file.exec(`update knowledge_bases set settings = json_set(settings, '$.vector_store', 'chroma')`);
    file.close();
    await server.restart();
    const half = await knowledge.search([base.id], 'winter tyres');
    expect(half.alarms).toMatchObject([{ kind: 'vector-store-failed' }]);
    expect((await knowledge.read(base.id)).alarms).toMatchObject([{ kind: 'vector-store-failed' }]);
  }, 60_000);
});

describe('another embedding model', () => {
  it('answers from the old space while the new one fills, and goes back in one step', async () => {
    const base = await createHybrid('embed-32');
    models.failing.add('embed-64');
    const path = `/api/knowledge-bases/${base.id}/embedding-model`;
    await server.json(path, { method: 'PUT', body: { model: 'embed-64' } });
    expect((await knowledge.search([base.id], 'feline')).hits[0]).toMatchObject({ title: 'Pets', dense: { rank: 1 } });
    expect(await activeModel(base.id)).toBe('embed-32');
    models.failing.clear();
    await server.json(path, { method: 'PUT', body: { model: 'embed-64' } });
    await waitUntil(async () => (await activeModel(base.id)) === 'embed-64', 'the new space is active', 30_000);
    expect((await knowledge.search([base.id], 'feline')).hits[0]).toMatchObject({ title: 'Pets', dense: { rank: 1 } });
    const { spaces } = await knowledge.read(base.id);
    const old = spaces.find(({ model }) => model === 'embed-32');
    await server.json(`/api/knowledge-bases/${base.id}/spaces/${old!.id}/activate`, { method: 'POST' });
    expect(await activeModel(base.id)).toBe('embed-32');
    expect((await knowledge.search([base.id], 'feline')).alarms).toEqual([]);
  }, 60_000);
});

describe('judgements', () => {
  it('tell how good each leg is, and tune the weight', async () => {
    const base = await createHybrid();
    const nothing = await server.fetch(`/api/knowledge-bases/${base.id}/evaluate`, { method: 'POST', body: {} });
    expect(nothing.status).toBe(400);
    for (const query of ['feline', 'automobile']) {
      const [hit] = (await knowledge.search([base.id], query)).hits;
      const { document_id, start, end } = hit!;
      const body = { query, document_id, start, end, grade: 2 };
      await server.json(`/api/knowledge-bases/${base.id}/judgements`, { method: 'POST', body });
    }
    const path = `/api/knowledge-bases/${base.id}/evaluate`;
    const evaluation = await server.json<Evaluation>(path, { method: 'POST', body: { tune: true } });
    expect(evaluation).toMatchObject({ queries: 2, lexical: { ndcg10: 0 }, dense: { ndcg10: 1, mrr10: 1 } });
    expect(evaluation.fused.ndcg10).toBe(1);
    const { settings } = await knowledge.read(base.id);
    expect(settings.retrieval.dense_weight).toBe(evaluation.best_dense_weight);
    const tried = await server.json<Evaluation>(path, { method: 'POST', body: { dense_weight: 0 } });
    expect([tried.dense_weight, tried.fused]).toEqual([0, tried.lexical]);
    expect(tried.per_query?.map(({ query }) => query).toSorted()).toEqual(['automobile', 'feline']);
    expect(tried.per_query?.[0]).toMatchObject({ lexical: { mrr10: 0 }, dense: { mrr10: 1 }, fused: { mrr10: 0 } });
    expect((await knowledge.read(base.id)).settings).toEqual(settings);
  }, 60_000);
});
