import type { Token } from 'node-llama-cpp';
import { expect, it } from 'vitest';
import type { LoadedModel } from '../load/load-model.ts';
import { RankingModel } from './ranking-model.ts';

const toTokens = (text: string) => [...text].map((letter) => letter.charCodeAt(0) as Token);

/** A fake of the library's context of 20 tokens: each letter is one, three more stand around them, and an x scores. */
class FakeContext {
  readonly contextSize = 20;
  readonly model = { tokenize: toTokens };
  readonly read: string[] = [];
  onRead = () => {};

  calculateInputLength(query: string | Token[], document: string | Token[]): number {
    return query.length + document.length + 3;
  }

  async rank(query: string | Token[], document: string | Token[]): Promise<number> {
    if (this.calculateInputLength(query, document) >= this.contextSize) throw new Error('too long');
    const text = typeof document === 'string' ? document : String.fromCharCode(...document);
    this.read.push(text);
    this.onRead();
    return text.includes('x') ? 0.9 : 0.1;
  }
}

async function open() {
  const context = new FakeContext();
  const weights = { createRankingContext: async () => context };
  const loaded = { llama: { maxThreads: 1 }, weights, contextLength: 20, sequences: 1 } as unknown as LoadedModel;
  return { context, ranking: await RankingModel.open(loaded) };
}

const request = (documents: string[]) => ({ model: 'ours', query: 'find', documents });
const never = new AbortController().signal;

it('reads a long text window by window, and takes the best', async () => {
  const { context, ranking } = await open();
  const long = 'abcdefghijklmnopqrstuvwyz'.repeat(2);
  const { results } = await ranking.rank(request([long, `${long}x`, '', 'x']), never);
  expect(results.map(({ index, relevance_score: score }) => [index, score])).toEqual([
    [1, 0.9],
    [3, 0.9],
    [0, 0.1],
    [2, 0.1],
  ]);
  const seen = context.read.slice(0, context.read.indexOf(''));
  for (const three of ['abc', 'klm', 'wyz', 'yza']) expect(seen.join(' ')).toContain(three);
});

it('leaves a long text in the middle when the reader leaves', async () => {
  const { context, ranking } = await open();
  const left = new AbortController();
  context.onRead = () => left.abort();
  await expect(ranking.rank(request(['a'.repeat(1_000)]), left.signal)).rejects.toMatchObject({
    code: 'request_aborted',
  });
  expect(context.read).toHaveLength(1);
});
