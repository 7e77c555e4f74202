import { describe, expect, it } from 'vitest';
import { makeChunk } from '../testing/make-chunk.ts';
import { packSources } from './pack-sources.ts';
import { PassageRetriever, toScoredChunk } from './passage-retriever.ts';
import { Bm25Index } from '../lexical/bm25-index.ts';

const texts: Record<string, string> = { a: 'First passage. More.', b: 'Second one, which is longer.', c: '第三段。' };
const readText = (id: string) => texts[id] ?? null;
const found = [
  { chunk: makeChunk('a', 'First passage.', { title: 'A', headingPath: ['Top'] }), score: 3 },
  { chunk: makeChunk('b', 'Second one, which is longer.'), score: 2 },
  { chunk: makeChunk('c', '第三段。'), score: 1 },
];
const limits = { passages: 5, tokens: 1_000 };

describe('packSources', () => {
  it('numbers what may be cited from 1, with the exact place', async () => {
    const [first] = await packSources(found, readText, limits);
    expect(first).toEqual({
      index: 1,
      document_id: 'a',
      title: 'A',
      heading_path: ['Top'],
      start: 0,
      end: 14,
      quote: 'First passage.',
      score: 3,
    });
  });

  it('drops a passage that no longer stands in its document, and leaves no gap in the numbers', async () => {
    const changed = (id: string) => (id === 'a' ? 'Something else now.' : readText(id));
    const sources = await packSources(found, changed, limits);
    expect(sources.map(({ index, document_id: id }) => [index, id])).toEqual([
      [1, 'b'],
      [2, 'c'],
    ]);
  });

  it('drops a passage whose document is gone', async () => {
    expect(await packSources(found, async () => null, limits)).toEqual([]);
  });

  it('takes no more passages than allowed', async () => {
    expect(await packSources(found, readText, { ...limits, passages: 2 })).toHaveLength(2);
  });

  it('passes over what does not fit the token budget, but takes the best in any case', async () => {
    const sources = await packSources(found, readText, { passages: 5, tokens: 1 });
    expect(sources.map(({ document_id: id }) => id)).toEqual(['a']);
    const roomy = await packSources(found, readText, { passages: 5, tokens: 8 });
    expect(roomy.map(({ document_id: id }) => id)).toEqual(['a', 'c']);
  });
});

it('hands any index to LangChain as a retriever, nothing lost on the way', async () => {
  const index = new Bm25Index(found.map(({ chunk }) => chunk));
  const documents = await new PassageRetriever(index, { limit: 1 }).invoke('second');
  expect(documents).toHaveLength(1);
  expect(documents.map(toScoredChunk)).toEqual(await index.search('second', { limit: 1 }));
});
