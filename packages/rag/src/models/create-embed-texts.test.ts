import { ParleyError, type EmbeddingList, type EmbeddingRequest } from '@parley/contracts';
import { describe, expect, it } from 'vitest';
import { createEmbedTexts, createRerankTexts } from './create-embed-texts.ts';

const open = () => new AbortController().signal;
const listOf = (...vectors: number[][]): EmbeddingList => ({
  object: 'list',
  data: vectors.map((embedding, index) => ({ index, embedding })),
});
const answering = (answer: (request: EmbeddingRequest) => EmbeddingList) =>
  createEmbedTexts({ model: 'm', batchSize: 2, embed: async (request) => answer(request) });

describe('embedding texts', () => {
  it('answers a vector of length 1 for each text, in the order of the texts, batch by batch', async () => {
    const asked: unknown[] = [];
    const embed = answering(({ input }) => {
      asked.push(input);
      const texts = Array.isArray(input) ? input : [input];
      return {
        object: 'list',
        data: texts.map((text, index) => ({ index, embedding: [text.length, 0] })).toReversed(),
      };
    });
    const vectors = await embed(['a', 'bb', 'ccc'], open());
    expect(asked).toEqual([['a', 'bb'], ['ccc']]);
    expect(vectors.map((vector) => [...vector])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });

  it('asks several times at once where it is told so, and the first failure ends the others', async () => {
    const signals: AbortSignal[] = [];
    const embed = createEmbedTexts({
      model: 'm',
      batchSize: 1,
      concurrency: 2,
      async embed({ input }, signal) {
        signals.push(signal);
        if (input[0] === 'bad') throw new ParleyError('queue_full', 'No.');
        return listOf([1]);
      },
    });
    expect(await embed(['a', 'b', 'c'], open())).toHaveLength(3);
    await expect(embed(['d', 'bad', 'never'], open())).rejects.toMatchObject({ code: 'queue_full' });
    expect(signals).toHaveLength(5);
    expect(signals[3]?.aborted).toBe(true);
  });

  it.each([
    ['fewer vectors than texts', listOf([1, 0])],
    ['two of the same place', { ...listOf([1, 0], [0, 1]), data: [0, 0].map((index) => ({ index, embedding: [1] })) }],
    ['a zero vector', listOf([1, 0], [0, 0])],
    ['a vector of nothing', listOf([1, 0], [])],
    ['what is no number', listOf([1, 0], [Number.NaN, 1])],
    ['different lengths', listOf([1, 0], [1, 0, 0])],
  ])('fails on %s instead of storing it', async (_, answer) => {
    const asked = answering(() => answer)(['a', 'b'], open());
    await expect(asked).rejects.toMatchObject({ code: 'embedding_failed' });
  });
});

it('puts reranked scores beside their texts; what was left out is the worst', async () => {
  const results = [
    { index: 2, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
    { index: 7, relevance_score: 1 },
  ];
  const rerank = createRerankTexts({ model: 'm', rerank: async () => ({ results }) });
  expect(await rerank('q', ['a', 'b', 'c'], open())).toEqual([0.1, -Infinity, 0.9]);
});
