import { describe, expect, it } from 'vitest';
import { makeChunk } from '../testing/make-chunk.ts';
import { Bm25Index } from './bm25-index.ts';

const chunks = [
  makeChunk('ollama', 'Ollama runs language models on your own machine.'),
  makeChunk('port', 'The server listens on a port. Change the port in the configuration.'),
  makeChunk('zhipu', '智谱的模型需要密钥，把密钥写进环境文件。'),
  makeChunk('stop', '按下停止按钮，回答立即停止。'),
];

async function idsFor(query: string, index = new Bm25Index(chunks), limit = 10): Promise<string[]> {
  return (await index.search(query, { limit })).map(({ chunk }) => chunk.id);
}

describe('Bm25Index', () => {
  it('finds by stem, whatever the case', async () => {
    expect(await idsFor('Which MODEL is running?')).toEqual(['ollama']);
  });

  it('finds Chinese by parts of words', async () => {
    expect((await idsFor('怎么停止回答?'))[0]).toBe('stop');
    expect((await idsFor('密钥写在哪里'))[0]).toBe('zhipu');
  });

  it('leaves out what has nothing in common with the question', async () => {
    expect(await idsFor('bananas')).toEqual([]);
    expect(await idsFor('')).toEqual([]);
  });

  it('puts more matches of rarer words first, and the best first', async () => {
    const found = await new Bm25Index(chunks).search('port of the machine', { limit: 10 });
    expect(found.map(({ chunk }) => chunk.id)).toEqual(['port', 'ollama']);
    expect(found[0]!.score).toBeGreaterThan(found[1]!.score);
  });

  it('answers no more than asked for, the best ones', async () => {
    expect(await idsFor('port machine', new Bm25Index(chunks), 1)).toHaveLength(1);
    expect(await idsFor('port', new Bm25Index(chunks), 0)).toEqual([]);
  });

  it('keeps the order of equals', async () => {
    const same = ['a', 'b', 'c'].map((id) => makeChunk(id, 'the same words'));
    expect(await idsFor('same words', new Bm25Index(same))).toEqual(['a', 'b', 'c']);
  });

  it('counts a word of the headings more than one of the text', async () => {
    const index = new Bm25Index([
      makeChunk('text', 'Backups are good to have, and restoring them too.'),
      makeChunk('heading', 'They are good to have, and restoring them is easy.', { headingPath: ['Backups'] }),
    ]);
    expect((await idsFor('backups', index))[0]).toBe('heading');
  });

  it('scores by the published formula', async () => {
    const index = new Bm25Index([makeChunk('a', 'apple pear'), makeChunk('b', 'pear plum plum fig')]);
    const [best] = await index.search('apple', { limit: 1 });
    // idf = ln(1 + (2 - 1 + 0.5) / 1.5); tf part = 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / 3))
    expect(best!.score).toBeCloseTo((Math.log(2) * 2.2) / 1.9, 10);
  });

  it('searches a pasted file by its beginning and its end', async () => {
    expect((await idsFor(`${'x '.repeat(100_000)} where is the port?`))[0]).toBe('port');
  });

  it('answers nothing when it is empty', async () => {
    expect(await idsFor('port', new Bm25Index([]))).toEqual([]);
  });
});
