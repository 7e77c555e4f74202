import { Document } from '@langchain/core/documents';
import { InMemoryStore } from '@langchain/core/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VectorIndex } from '../knowledge/knowledge-index.ts';
import { GatewayEmbeddings } from '../models/gateway-embeddings.ts';
import { ChromaServer, hasChroma } from '../testing/chroma-server.ts';
import { TemporaryIndex } from '../testing/temporary-index.ts';
import { createChromaVectorIndex } from './chroma-vector-index.ts';
import { createMemoryVectorIndex } from './memory-vector-index.ts';
import { ParleyVectorStore } from './parley-vector-store.ts';
import { CountedEmbedder } from './testing/counted-embedder.ts';

const piece = (source: string, pageContent: string) => new Document({ pageContent, metadata: { source } });
const DOCUMENTS = [
  piece('a', 'The database is saved every night.'),
  piece('a', 'The team meets on Monday.'),
  piece('b', '备份由小王负责。'),
];
const embeddings = () => new GatewayEmbeddings({ embed: new CountedEmbedder().embed });
const named = process.env['CHROMA_URL'];
let collections = 0;

/** LangChain's own contract of a vector store, over any of our indexes. */
function describeStore(name: string, open: () => Promise<VectorIndex>): void {
  describe(`a LangChain vector store over ${name}`, () => {
    let index: VectorIndex;
    beforeAll(async () => (index = await open()), 60_000);
    const config = () => ({ index, collection: `test-${process.pid}-${Date.now()}-${(collections += 1)}` });
    const filled = () => ParleyVectorStore.fromDocuments(DOCUMENTS, embeddings(), config());
    const textsOf = (found: readonly { pageContent: string }[]) => found.map(({ pageContent }) => pageContent);

    it('finds documents whole, with their cosine, best first', async () => {
      const store = await filled();
      const found = await store.similaritySearchWithScore('When does the team meet on Monday?', 2);
      expect(found).toHaveLength(2);
      expect(found[0]?.[0]).toEqual(DOCUMENTS[1]);
      expect(found[0]![1]).toBeGreaterThan(found[1]![1]);
      const [best] = await store.similaritySearchWithScore(DOCUMENTS[2]!.pageContent, 1);
      expect(best?.[1]).toBeCloseTo(1, 4);
    });

    it('is a retriever', async () => {
      const retriever = (await filled()).asRetriever(1);
      expect(textsOf(await retriever.invoke('谁负责备份？'))).toEqual(['备份由小王负责。']);
    });

    it('searches in some sources alone', async () => {
      const found = await (await filled()).similaritySearch('Monday', 5, { sources: ['b'] });
      expect(textsOf(found)).toEqual(['备份由小王负责。']);
    });

    it('replaces what is added again, and keeps ids that it is given', async () => {
      const store = await filled();
      await store.addDocuments(DOCUMENTS);
      expect(await store.similaritySearch('Monday', 10)).toHaveLength(3);
      const ids = await store.addDocuments([piece('c', 'New.'), piece('c', 'Newer.')], { ids: ['1', '2'] });
      expect(ids).toEqual(['1', '2']);
      await store.addDocuments([piece('c', 'Changed.')], { ids: ['1'] });
      expect(textsOf(await store.similaritySearch('Changed.', 1))).toEqual(['Changed.']);
      expect(await store.similaritySearch('Monday', 10)).toHaveLength(5);
    });

    it('deletes by id and by source', async () => {
      const store = await filled();
      const [id = ''] = await store.addDocuments([piece('c', 'Gone soon.')]);
      await store.delete({ ids: [id] });
      await store.delete({ sources: ['a'] });
      await store.delete({ sources: ['nobody'] });
      expect(textsOf(await store.similaritySearch('Monday', 10))).toEqual(['备份由小王负责。']);
    });

    it('deletes what another one added, of the same collection', async () => {
      const shared = { ...config(), documents: new InMemoryStore() };
      await ParleyVectorStore.fromDocuments(DOCUMENTS, embeddings(), shared);
      const other = new ParleyVectorStore(embeddings(), shared);
      await other.delete({ sources: ['b'] });
      expect(await other.similaritySearch('备份', 10)).toHaveLength(2);
    });

    it('looks past vectors whose texts it does not have', async () => {
      const shared = config();
      const others = DOCUMENTS.map(({ pageContent }) => piece('other', pageContent));
      await ParleyVectorStore.fromDocuments(others, embeddings(), shared);
      const store = await ParleyVectorStore.fromDocuments(DOCUMENTS.slice(2), embeddings(), shared);
      expect(textsOf(await store.similaritySearch('The team meets on Monday.', 1))).toEqual(['备份由小王负责。']);
    });

    it('is made of texts as well, and of none', async () => {
      const metadatas = [{ source: 'x' }, { source: 'y' }];
      const store = await ParleyVectorStore.fromTexts(['One.', 'Two.'], metadatas, embeddings(), config());
      expect((await store.similaritySearch('Two.', 1))[0]?.metadata).toEqual({ source: 'y' });
      const empty = await ParleyVectorStore.fromDocuments([], embeddings(), config());
      expect(await empty.similaritySearch('Two.', 1)).toEqual([]);
    });

    it('takes no vector without a direction', async () => {
      const store = await filled();
      await expect(store.addVectors([[0, 0]], [piece('z', 'Zero.')])).rejects.toMatchObject({
        code: 'embedding_failed',
      });
    });
  });
}

describeStore('memory', async () => createMemoryVectorIndex());

describe('embedded', () => {
  const index = new TemporaryIndex();
  afterAll(() => index.remove());
  describeStore('the embedded index', async () => (await index.open()).vectors);
});

describe.skipIf(!hasChroma && !named)('Chroma', () => {
  const server = new ChromaServer();
  afterAll(() => server.dispose());
  describeStore('Chroma', async () => {
    if (!named) await server.start();
    return createChromaVectorIndex({ url: named ?? server.url });
  });
});
