import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Bm25Index } from '../lexical/bm25-index.ts';
import { makeChunk } from '../testing/make-chunk.ts';
import { packPassages, type ReadSpan } from './pack-passages.ts';
import { PassageRetriever } from './passage-retriever.ts';
import { passagesOf } from './passages-of.ts';

const texts: Record<string, string> = { a: 'First passage. More.', b: 'Second one, which is longer.', c: '第三段。' };
const readSpan: ReadSpan = async ({ documentId, start, end }) => texts[documentId]?.slice(start, end) ?? null;
const found = [
  {
    chunk: makeChunk('a', 'First passage.', { title: 'A', headingPath: ['Top'], page: 2, flags: ['hidden-text'] }),
    score: 3,
  },
  { chunk: makeChunk('b', 'Second one, which is longer.'), score: 2 },
  { chunk: makeChunk('c', '第三段。'), score: 1 },
];
const limits = { passages: 5, tokens: 1_000 };

describe('packPassages', () => {
  it('numbers what may be cited from 1, with the exact place, what it is and what is wrong with it', async () => {
    const { sources } = await packPassages(found, readSpan, limits);
    expect(sources[0]).toEqual({
      index: 1,
      document_id: 'a',
      version_id: null,
      base_id: null,
      title: 'A',
      heading_path: ['Top'],
      page: 2,
      start: 0,
      end: 14,
      quote: 'First passage.',
      hash: hash('sha256', 'First passage.'),
      flags: ['hidden-text'],
      score: 3,
    });
  });

  it('drops a passage that no longer stands in its document, and leaves no gap in the numbers', async () => {
    const changed: ReadSpan = async (span) => (span.documentId === 'a' ? 'Something else' : readSpan(span));
    const { sources, dropped } = await packPassages(found, changed, limits);
    expect(sources.map(({ index, document_id: id }) => [index, id])).toEqual([
      [1, 'b'],
      [2, 'c'],
    ]);
    expect([...dropped]).toEqual([['a', 'changed']]);
  });

  it('drops a passage whose document is gone', async () => {
    expect(await packPassages(found, async () => null, limits)).toMatchObject({ sources: [] });
  });

  it('takes no more passages than allowed', async () => {
    const { sources, dropped } = await packPassages(found, readSpan, { ...limits, passages: 2 });
    expect(sources).toHaveLength(2);
    expect([...dropped]).toEqual([['c', 'too-many']]);
  });

  it('passes over what does not fit the token budget, but takes the best in any case', async () => {
    const idsWith = async (tokens: number) =>
      (await packPassages(found, readSpan, { passages: 5, tokens })).sources.map(({ document_id: id }) => id);
    expect(await idsWith(1)).toEqual(['a']);
    expect(await idsWith(8)).toEqual(['a', 'c']);
  });

  it.each([
    ['that says the same in another document', { text: 'FIRST   passage!', documentId: 'z' }, 'duplicate'],
    ['that overlaps', { text: 'irst passage.', documentId: 'a', start: 1, end: 14 }, 'duplicate'],
    ['that differs in one number', { text: 'First passage 2.', documentId: 'z' }, undefined],
    ['that stands beside it', { text: ' More.', documentId: 'a', start: 14, end: 20 }, undefined],
  ])('compares a passage %s', async (_, more, reason) => {
    const chunk = makeChunk('twin', more.text, more);
    const { dropped } = await packPassages(
      [found[0]!, { chunk, score: 1 }],
      async (span) => (span.documentId === 'a' ? readSpan(span) : more.text),
      limits,
    );
    expect(dropped.get('twin')).toBe(reason);
  });
});

it('hands any search to LangChain as a retriever, with all that a citation needs', async () => {
  const index = new Bm25Index(found.map(({ chunk }) => chunk));
  const findPassages = passagesOf(index, (id) => texts[id] ?? null, { passages: 1 });
  const [document] = await new PassageRetriever(findPassages).invoke('second');
  expect(document?.pageContent).toBe('Second one, which is longer.');
  expect(document?.metadata).toMatchObject({ index: 1, document_id: 'b', start: 0, end: 28, version_id: null });
});
