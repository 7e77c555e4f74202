import { ParleyError, retrievalTraceSchema } from '@parley/contracts';
import { describe, expect, it } from 'vitest';
import { toChunks } from '../documents/to-chunks.ts';
import type { SearchScope } from '../knowledge/knowledge-index.ts';
import { FakeKnowledge } from '../testing/fake-knowledge.ts';
import { hitsOf } from '../testing/hits-of.ts';
import { makeChunk } from '../testing/make-chunk.ts';
import type { RetrievalOptions, RetrievalPorts } from './retrieval-ports.ts';
import { retrieve } from './retrieve.ts';

const open = () => new AbortController().signal;
const chunk = (id: string, text: string) =>
  makeChunk(id, text, { baseId: 'base', versionId: `v-${id}`, title: `Doc ${id}` });
const chunks = [
  chunk('red', 'Red apples grow on old trees.'),
  chunk('green', 'Green apples grow on young trees.'),
  chunk('pear', 'Pears grow on any trees.'),
  chunk('stone', 'Stones do not grow at all.'),
];
const options: RetrievalOptions = {
  baseIds: ['base'],
  documentIds: null,
  denseWeightOf: () => 0.5,
  passages: 5,
  tokens: 1_000,
};
const embeddingDown = new ParleyError('embedding_failed', 'The embedding model is away.');

function find(queries: string[], ports: Partial<RetrievalPorts>, more: Partial<RetrievalOptions> = {}) {
  const knowledge = new FakeKnowledge(chunks);
  return retrieve(queries, { ports: { ...knowledge.ports, ...ports }, options: { ...options, ...more } }, open());
}

const meaning = (scores: Record<string, number>) => async () => [{ hits: hitsOf(scores), embedMs: 4, denseMs: 2 }];
const titles = ({ sources }: Awaited<ReturnType<typeof retrieve>>) => sources.map(({ title }) => title.slice(4));

describe('retrieve', () => {
  it('fuses words and meaning, and keeps a trace of each hit', async () => {
    const found = await find(['red apples'], { searchMeaning: meaning({ pear: 0.9, red: 0.8, stone: 0.1 }) });
    expect(titles(found)[0]).toBe('red');
    const { trace } = found;
    expect(retrievalTraceSchema.parse(trace)).toEqual(trace);
    expect(trace).toMatchObject({ queries: ['red apples'], base_ids: ['base'], alarms: [] });
    expect(trace?.timings).toMatchObject({ embed_ms: 4, dense_ms: 2, rerank_ms: null, condense_ms: null });
    expect(trace?.hits[0]).toMatchObject({ chunk_id: 'red', lexical: { rank: 1 }, dense: { rank: 2 }, index: 1 });
    expect(trace?.hits.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  });

  it('measures each stage with the clock that it is given', async () => {
    let time = 0;
    const found = await find(['apples'], { now: () => (time += 10), rerank: async (_, texts) => texts.map(() => 1) });
    expect(found.trace?.timings).toMatchObject({ lexical_ms: 10, rerank_ms: 10, embed_ms: null });
    expect(found.trace?.timings.total_ms).toBeGreaterThan(20);
  });

  it('searches the bases and documents that it is told, as deep as it is told', async () => {
    const scopes: SearchScope[] = [];
    const ports: Partial<RetrievalPorts> = {
      searchWords: async (_, scope) => ({ hits: [], terms: scopes.push(scope) }),
      searchMeaning: async (_, scope) => [{ hits: [], embedMs: scopes.push(scope), denseMs: 0 }],
    };
    await find(['q'], ports, { documentIds: ['d'], candidates: 7 });
    expect(scopes).toEqual(Array.from({ length: 2 }, () => ({ baseIds: ['base'], documentIds: ['d'], limit: 7 })));
  });

  it('fuses several forms of a question by rank', async () => {
    const found = await find(['green', 'pears green'], {});
    expect(titles(found)).toEqual(['green', 'pear']);
    expect(found.trace?.hits[0]).toMatchObject({ lexical: { rank: 1 }, fused: expect.closeTo(1, 1) });
  });

  it('orders the best hits anew where a reranking model is there', async () => {
    const rerank = async (_: string, texts: readonly string[]) =>
      texts.map((text) => (text.includes('Pears') ? 0.9 : 0.1));
    const found = await find(['trees that grow'], { rerank });
    expect(titles(found)[0]).toBe('pear');
    expect(found.sources[0]?.score).toBe(0.9);
    expect(found.trace?.hits[0]).toMatchObject({ chunk_id: 'pear', reranked: 0.9 });
  });

  it('reads each quote again: what changed meanwhile is dropped and said to be', async () => {
    const found = await find(['red apples'], {
      readSpan: async ({ documentId }) => (documentId === 'red' ? 'x' : null),
    });
    expect(found.sources).toEqual([]);
    expect(found.trace?.hits[0]).toMatchObject({ chunk_id: 'red', index: null, dropped: 'changed' });
  });

  it('widens a passage within its section when told to, quoted exactly, once', async () => {
    const text = 'Apples are red. Pears are green. Plums are blue.';
    const siblings = toChunks({ id: 'fruit', title: 'Fruit', text }, 4);
    const knowledge = new FakeKnowledge(siblings);
    const ports = {
      ...knowledge.ports,
      readSiblings: async () => siblings,
      readSpan: async ({ start, end }: { start: number; end: number }) => text.slice(start, end),
    };
    const found = await retrieve(['pears apples'], { ports, options: { ...options, sectionTokens: 100 } }, open());
    expect(found.sources.map(({ quote, start, end }) => [quote, start, end])).toEqual([[text, 0, text.length]]);
    expect(found.trace?.hits.map(({ dropped }) => dropped)).toEqual([null, 'duplicate']);
  });

  it('says what was over the number of passages', async () => {
    const found = await find(['trees grow'], {}, { passages: 1 });
    expect(found.trace?.hits.map(({ dropped }) => dropped)).toEqual([null, 'too-many', 'too-many', 'too-many']);
  });
});

describe('a leg that is dead', () => {
  it('raises an alarm, and the words answer alone, in their own order', async () => {
    const failing = async () => Promise.reject(embeddingDown);
    const found = await find(['red apples'], { searchMeaning: failing }, { denseWeightOf: () => 1 });
    expect(titles(found)[0]).toBe('red');
    expect(found.trace?.alarms).toEqual([
      { kind: 'embedding-failed', message: expect.stringContaining('The embedding model is away.') },
    ]);
  });

  it('tells the vector store from the embedding model', async () => {
    const failing = async () => Promise.reject(new ParleyError('vector_store_failed', 'Chroma is away.'));
    const found = await find(['red apples'], { searchMeaning: failing });
    expect(found.trace?.alarms).toMatchObject([{ kind: 'vector-store-failed' }]);
  });

  it('leaves a question without words to its meaning, at any weight', async () => {
    const searchMeaning = meaning({ pear: 0.9 });
    const found = await find(['!?'], { searchMeaning }, { denseWeightOf: () => 0 });
    expect(titles(found)).toEqual(['pear']);
    expect(found.trace?.alarms).toMatchObject([{ kind: 'no-terms' }]);
  });

  it('does not take the words with it', async () => {
    const searchWords = async () => Promise.reject(new Error('the thread died'));
    const found = await find(['red'], { searchWords, searchMeaning: meaning({ red: 0.9 }) });
    expect(titles(found)).toEqual(['red']);
    expect(found.trace?.alarms).toMatchObject([
      { kind: 'words-failed', message: expect.not.stringContaining('thread') },
    ]);
  });

  it('is an error when it was the only one left', async () => {
    const searchMeaning = async () => Promise.reject(embeddingDown);
    await expect(find(['!?'], { searchMeaning })).rejects.toBe(embeddingDown);
    const broken = new Error('broken');
    await expect(find(['red'], { searchWords: async () => Promise.reject(broken) })).rejects.toBe(broken);
  });

  it('says so where there is nothing to search by', async () => {
    const found = await find(['!?'], {});
    expect(found).toMatchObject({ sources: [], trace: { alarms: [{ kind: 'no-terms' }], hits: [] } });
  });

  it('keeps the order of the searches when the reranking model fails or answers nonsense', async () => {
    for (const rerank of [async () => Promise.reject(embeddingDown), async () => [Number.NaN]]) {
      const found = await find(['red apples'], { rerank });
      expect(titles(found)[0]).toBe('red');
      expect(found.trace?.alarms).toMatchObject([{ kind: 'rerank-failed' }]);
    }
  });

  it('is not asked where no base wants it', async () => {
    const searchMeaning = async () => Promise.reject(embeddingDown);
    expect(await find(['red'], { searchMeaning }, { denseWeightOf: () => 0 })).toMatchObject({ trace: { alarms: [] } });
  });

  it('is no alarm when the search was stopped', async () => {
    const stop = new AbortController();
    const searchMeaning = async () => {
      stop.abort();
      throw new ParleyError('request_aborted', 'Stopped.');
    };
    const { ports } = new FakeKnowledge(chunks);
    await expect(retrieve(['red'], { ports: { ...ports, searchMeaning }, options }, stop.signal)).rejects.toMatchObject(
      {
        code: 'request_aborted',
      },
    );
  });
});

describe('passages that are about something else', () => {
  it('are no sources, and the trace says why', async () => {
    const found = await find(['How do I grow a business in Portugal with foreign investors?'], {});
    expect(found.sources).toEqual([]);
    expect(found.trace?.hits.map(({ dropped }) => dropped)).toContain('not-relevant');
  });

  it('are kept when asked for, and when their meaning was found near', async () => {
    const question = 'How do I grow a business in Portugal with foreign investors?';
    expect(titles(await find([question], {}, { keepsOffTopic: true }))).not.toEqual([]);
    expect(titles(await find([question], { searchMeaning: meaning({ stone: 0.9 }) }))).toContain('stone');
  });
});
