import type { Llama, LlamaEmbeddingContext, LlamaRankingContext } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLlama } from '../open-llama.ts';
import { tinyModels } from '../tiny-models.ts';

let llama: Llama;

beforeAll(async () => {
  llama = await openLlama();
}, 60_000);

afterAll(async () => llama.dispose());

describe('tiny-embed', () => {
  let context: LlamaEmbeddingContext;

  beforeAll(async () => {
    const model = await llama.loadModel({ modelPath: tinyModels().embedding });
    context = await model.createEmbeddingContext({ threads: 1 });
  });

  it('has 128 dimensions and says the same each time', async () => {
    const vector = await embed('the cat sat on the mat');
    expect(vector).toHaveLength(128);
    expect(await embed('the cat sat on the mat')).toEqual(vector);
  });

  it.each([
    ['cat', 'kitten', 'bank'],
    ['猫', '小猫', '银行'],
    ['the cat sat on the mat', 'A kitten sat on a mat.', 'The stock market fell today.'],
    ['小猫在睡觉', '一只猫', '股票下跌了'],
    ['Will it rain tomorrow?', 'snow and storm', 'a loan from the bank'],
    ['明天会下雨吗？', '今天有雪', '买车票'],
    ['猫', 'cat', 'price'],
    ['zebra crossing', 'crossing the zebra', 'quick violin'],
  ])('%s is near to %s and far from %s', async (text, near, far) => {
    expect(await similarity(text, near)).toBeGreaterThan(0.35);
    expect(await similarity(text, far)).toBeLessThan(0.2);
  });

  it('has a direction for words that it does not know', async () => {
    expect(await similarity('привет', 'привет')).toBeCloseTo(1);
  });

  async function embed(text: string): Promise<readonly number[]> {
    return (await context.getEmbeddingFor(text)).vector;
  }

  async function similarity(one: string, other: string): Promise<number> {
    const [first, second] = [await embed(one), await embed(other)];
    return dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second));
  }
});

describe('tiny-rerank', () => {
  let context: LlamaRankingContext;

  beforeAll(async () => {
    const model = await llama.loadModel({ modelPath: tinyModels().reranker });
    context = await model.createRankingContext({ threads: 1 });
  });

  it.each([
    ['where does the horse sleep', 'the horse sleeps in the stable', 'a dog sleeps', 'bank rates are rising'],
    ['猫在哪里睡觉', '猫在床上睡觉', '狗在床上睡觉', '股票下跌'],
    ['train tickets', 'Tickets for the train.', 'The train is late.', 'Bread and soup.'],
  ])('puts what answers "%s" first', async (question, best, second, last) => {
    const ranked = await context.rankAndSort(question, [last, second, best]);
    expect(ranked.map(({ document }) => document)).toEqual([best, second, last]);
    expect(ranked[0]?.score).toBeGreaterThan(0.7);
    expect(ranked[2]?.score).toBeLessThan(0.05);
  });

  it('finds the words of a question in a long document', async () => {
    const filler = 'Trains run to the station, and prices in the market rise while people eat bread. '.repeat(8);
    const [without, within] = await context.rankAll('horse weather', [
      filler,
      `${filler} The horse likes the weather.`,
    ]);
    expect(without).toBeLessThan(0.05);
    expect(within).toBeGreaterThan(0.9);
  });
});

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
