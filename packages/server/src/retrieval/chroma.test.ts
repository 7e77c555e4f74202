import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChromaServer, hasChroma } from '@parley/rag/testing';
import { waitUntil } from '@parley/service-kit/testing';
import { FakeGateway } from '../testing/fake-gateway.ts';
import { FakeTextModels } from '../testing/fake-text-models.ts';
import { KnowledgeClient } from '../testing/knowledge-client.ts';
import { TestServer } from '../testing/test-server.ts';

const settings = { vector_store: 'chroma' };
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});
afterEach(() => server.dispose());

it('refuses a base in Chroma where no Chroma server is configured', async () => {
  await server.start();
  const call = { method: 'POST', body: { name: 'Here', settings } };
  const response = await server.fetch('/api/knowledge-bases', call);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('server.chroma_url');
});

describe.skipIf(!hasChroma)('a base whose vectors lie in a Chroma server', () => {
  const chroma = new ChromaServer();
  const gateway = new FakeGateway();
  let knowledge: KnowledgeClient;

  beforeEach(async () => {
    await chroma.start();
    gateway.texts = new FakeTextModels();
    await server.start({ gateway_url: await gateway.start(), chroma_url: chroma.url });
    knowledge = new KnowledgeClient(server);
  });
  afterEach(async () => {
    await gateway.stop();
    await chroma.dispose();
  });

  it('is searched by meaning; by words, and says so, while that server is away; and filled again by a rebuild', async () => {
    const base = await knowledge.create('Chroma', { settings, embedding_model: 'embed-32' });
    await knowledge.add(base.id, { 'cats.md': 'The cat sleeps on the oven.', 'cars.md': 'The car needs tyres.' });
    const isActive = async () => (await knowledge.read(base.id)).spaces.some(({ state }) => state === 'active');
    await waitUntil(isActive, 'the space is active', 30_000);
    await knowledge.settle(base.id);
    expect((await knowledge.search([base.id], 'feline')).hits[0]).toMatchObject({ title: 'cats', dense: { rank: 1 } });

    await chroma.stop();
    const half = await knowledge.search([base.id], 'tyres');
    expect(half.alarms).toMatchObject([{ kind: 'vector-store-failed' }]);
    expect(half.hits[0]).toMatchObject({ title: 'cars', dense: null });

    await chroma.dispose();
    await chroma.start();
    const path = `/api/knowledge-bases/${base.id}/rebuild`;
    const report = await server.json(path, { method: 'POST' });
    expect(report).toMatchObject({ agrees: true, vectors: { expected: 2, found: 2 } });
    const again = await knowledge.search([base.id], 'feline');
    expect(again).toMatchObject({ alarms: [], hits: [{ title: 'cats' }, {}] });
  }, 60_000);
});
