import { describe, expect, it } from 'vitest';
import { GatewayEmbeddings } from './gateway-embeddings.ts';

const answering = (...vectors: number[][]) =>
  new GatewayEmbeddings({ embed: async () => vectors.map((vector) => Float32Array.from(vector)) });

describe('GatewayEmbeddings', () => {
  it('answers a vector of length 1 for each text, in the order of the texts', async () => {
    const embeddings = new GatewayEmbeddings({
      embed: async (texts) => texts.map(({ length }) => Float32Array.of(0, length)),
    });
    expect(await embeddings.embedDocuments(['a', 'bb'])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(await embeddings.embedQuery('c')).toEqual([0, 1]);
    expect(await embeddings.embedDocuments([])).toEqual([]);
  });

  it.each([
    ['too few vectors', [[1, 0]]],
    [
      'a zero vector',
      [
        [1, 0],
        [0, 0],
      ],
    ],
    [
      'an endless vector',
      [
        [1, 0],
        [Number.POSITIVE_INFINITY, 1],
      ],
    ],
    [
      'no numbers',
      [
        [1, 0],
        [Number.NaN, 1],
      ],
    ],
    ['an empty vector', [[], []]],
    ['vectors of two lengths', [[1, 0], [1]]],
  ])('fails on %s', async (_, vectors) => {
    await expect(answering(...vectors).embedDocuments(['a', 'b'])).rejects.toMatchObject({ code: 'embedding_failed' });
  });

  it('lets go when its signal says so', async () => {
    const { signal } = new AbortController();
    const seen: AbortSignal[] = [];
    const embed = async (texts: readonly string[], given: AbortSignal) => {
      seen.push(given);
      return texts.map(() => Float32Array.of(1));
    };
    await new GatewayEmbeddings({ embed, signal }).embedQuery('a');
    expect(seen).toEqual([signal]);
  });
});
