import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ParleyError } from '@parley/contracts';
import type { VectorIndex } from '../../knowledge/knowledge-index.ts';
import type { Chunk } from '../../retrieval/passage-index.ts';
import { makeChunk } from '../../testing/make-chunk.ts';
import { TemporaryIndex } from '../../testing/temporary-index.ts';
import { createMemoryVectorIndex } from '../memory-vector-index.ts';
import { CountedEmbedder } from '../testing/counted-embedder.ts';
import { openCollection, type CollectionMeaning } from './open-collection.ts';

const open = () => new AbortController().signal;

const TEXTS = {
  backup: 'Every night the database is saved to another disk.',
  meeting: 'The team meets on Monday at ten.',
  备份: '备份由小王负责，每天晚上进行。',
};
const chunksOf = (texts: Record<string, string>): Chunk[] =>
  Object.entries(texts).map(([name, text]) => makeChunk(name, text, { title: name }));
const readFrom = (texts: Record<string, string>) => (id: string) => texts[id] ?? null;

let embedder: CountedEmbedder;
let vectors: VectorIndex;
const meaning = (more: Partial<CollectionMeaning> = {}): CollectionMeaning => ({
  vectors,
  embed: embedder.embed,
  model: 'm',
  firstQuery: 'When does the team meet?',
  ...more,
});
const openWith = (texts: Record<string, string>, more: Partial<CollectionMeaning> = {}) =>
  openCollection({ name: 'c', chunks: chunksOf(texts), readText: readFrom(texts), meaning: meaning(more) }, open());

beforeEach(() => {
  embedder = new CountedEmbedder();
  vectors = createMemoryVectorIndex();
});

describe('a collection', () => {
  it('is searched by words and by meaning, and cites what stands in the document', async () => {
    const { findPassages, filled } = await openWith(TEXTS);
    expect(filled).toEqual({ embedded: 3, kept: 0 });
    const { sources, trace } = await findPassages(['When does the team meet?'], open());
    expect(sources[0]).toMatchObject({ document_id: 'meeting', quote: TEXTS.meeting, base_id: null, index: 1 });
    const best = trace?.hits.find(({ document_id: id }) => id === 'meeting');
    expect([best?.lexical?.rank, best?.dense?.rank]).toEqual([1, 1]);
    expect((await findPassages(['备份由谁负责？'], open())).sources[0]?.document_id).toBe('备份');
  });

  it('embeds nothing that it has, and puts what changed in the place of what it was', async () => {
    await openWith(TEXTS);
    embedder.asked.length = 0;
    expect((await openWith(TEXTS)).filled).toEqual({ embedded: 0, kept: 3 });
    expect(embedder.asked).toEqual(['When does the team meet?']);
    const remove = vi.spyOn(vectors, 'remove');
    const changed = { ...TEXTS, meeting: 'The team meets on Friday at noon.' };
    const { filled, findPassages } = await openWith(changed);
    expect(filled).toEqual({ embedded: 1, kept: 2 });
    expect(remove.mock.calls.map(([, ids]) => ids.length)).toEqual([1]);
    expect((await findPassages(['When does the team meet?'], open())).sources[0]?.quote).toBe(changed.meeting);
  });

  it('tells passages of equal text apart', async () => {
    const chunks = [0, 10].map((start) =>
      makeChunk(`x${start}`, 'the same', { documentId: 'd', start, end: start + 8 }),
    );
    const readText = () => 'the same, the same';
    const { filled } = await openCollection({ name: 'c', chunks, readText, meaning: meaning() }, open());
    expect(filled).toEqual({ embedded: 2, kept: 0 });
  });

  it('sees only the documents that it was opened with, and leaves the others where they are', async () => {
    await openWith(TEXTS);
    const { findPassages } = await openWith({ backup: TEXTS.backup });
    const { sources } = await findPassages(['When does the team meet on Monday?'], open());
    expect(sources.map(({ document_id: id }) => id)).not.toContain('meeting');
    expect((await openWith(TEXTS)).filled).toEqual({ embedded: 0, kept: 3 });
  });

  it('keeps vectors of different models apart, and of different lengths of one model', async () => {
    await openWith(TEXTS);
    expect((await openWith(TEXTS, { model: 'other' })).filled?.embedded).toBe(3);
    embedder = new CountedEmbedder(32);
    expect((await openWith(TEXTS)).filled?.embedded).toBe(3);
  });

  it('keeps what was embedded before a failure, which it throws', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, place) => [`d${place}`, `Text number ${place}.`]));
    embedder.failsAfter = 270;
    await expect(openWith(many)).rejects.toMatchObject({ code: 'embedding_failed' });
    embedder.failsAfter = Number.POSITIVE_INFINITY;
    expect((await openWith(many)).filled).toEqual({ embedded: 44, kept: 256 });
  });

  it('drops a passage that no longer stands in its document', async () => {
    const read = { ...TEXTS, meeting: 'Something else by now.' };
    const options = { name: 'c', chunks: chunksOf(TEXTS), readText: readFrom(read), meaning: meaning() };
    const { sources } = await (
      await openCollection(options, open())
    ).findPassages(['When does the team meet?'], open());
    expect(sources.map(({ document_id: id }) => id)).not.toContain('meeting');
  });
});

describe('a search that cannot be done whole', () => {
  it.each([
    ['the embedding model', 'embedding_failed'],
    ['the vector store', 'vector_store_failed'],
  ] as const)('fails by %s, instead of going on with words alone', async (part, code) => {
    const { findPassages } = await openWith(TEXTS);
    if (code === 'embedding_failed') embedder.failsAfter = 0;
    else vi.spyOn(vectors, 'search').mockRejectedValue(new ParleyError(code, `${part} is away.`));
    await expect(findPassages(['Another question about the team'], open())).rejects.toMatchObject({ code });
  });
});

describe('words alone', () => {
  const index = new TemporaryIndex();
  afterAll(() => index.remove());
  const options = { name: 'c', chunks: chunksOf(TEXTS), readText: readFrom(TEXTS) };

  it('are searched in memory', async () => {
    const { findPassages, filled } = await openCollection(options, open());
    expect(filled).toBeNull();
    const { sources } = await findPassages(['备份由谁负责？'], open());
    expect(sources.map(({ quote }) => quote)).toEqual([TEXTS.备份]);
    const { trace } = await findPassages(['???'], open());
    expect(trace?.alarms).toMatchObject([{ kind: 'no-terms' }]);
  });

  it('are kept in the embedded index, and written again only where they changed', async () => {
    const { words } = await index.open();
    await openCollection({ ...options, words }, open());
    const replace = vi.spyOn(words, 'replaceDocument');
    const changed = { ...TEXTS, meeting: 'The team meets on Friday at noon.' };
    const again = { ...options, words, chunks: chunksOf(changed), readText: readFrom(changed) };
    const { findPassages } = await openCollection(again, open());
    expect(replace.mock.calls.map(([{ documentId }]) => documentId)).toEqual(['meeting']);
    const { sources } = await findPassages(['When does the team meet?'], open());
    expect(sources[0]?.quote).toBe(changed.meeting);
  });
});
