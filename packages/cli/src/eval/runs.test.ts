import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { english as say } from '../terminal/messages.en.ts';
import { compareRunFiles } from './compare-run-files.ts';
import { readQuestions } from './questions-file.ts';
import { compareWeights, toRetrievalJson, toRunFile } from './retrieval-json.ts';
import { fusionGains, meanQuality, type QueryQuality, type RetrievalResult } from './retrieval-result.ts';
import { checkWritable, defaultRunFile, readRunFile, writeRunFile, type RunFile } from './run-file.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parley-runs-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

const run = (name: string, scores: Record<string, number>): RunFile['runs'][number] => ({
  name,
  settings: {},
  scores: { fused: { ndcg10: scores } },
});
const runFile = (...runs: RunFile['runs']): RunFile => ({ parley_run: 1, kind: 'retrieval', made_at: 1, runs });

describe('a saved run', () => {
  it('is read as it was written, by its owner alone', () => {
    const saved = { ...runFile(run('a', { q: 1 })), answers: [{ text: 'Mrs Lee' }] };
    writeRunFile(file('run.json'), saved);
    expect(readRunFile(file('run.json'), say)).toEqual(saved);
    const mayOthersRead = process.platform !== 'win32' && (statSync(file('run.json')).mode & 0o077) !== 0;
    expect(mayOthersRead).toBe(false);
  });

  it.each(['', '{}', '{"parley_run":2,"kind":"retrieval","made_at":1,"runs":[]}'])('is not %j', (text) => {
    writeFileSync(file('other.json'), text);
    expect(() => readRunFile(file('other.json'), say)).toThrow('is no saved run');
    expect(readFileSync(file('other.json'), 'utf8')).toBe(text);
  });

  it('is refused a place that cannot be written before the work begins, and leaves none behind', () => {
    checkWritable(file('new.json'), say);
    expect(() => statSync(file('new.json'))).toThrow('ENOENT');
    expect(() => checkWritable(file('nowhere/new.json'), say)).toThrow('cannot be written');
    expect(defaultRunFile('answers', Date.UTC(2026, 10, 23, 4, 5, 6))).toBe('answers-2026-11-23T04-05-06.run.json');
  });
});

describe('two files of runs', () => {
  it('are compared run by run of the same name, figure by figure', () => {
    const first = runFile(run('a', { q1: 0, q2: 0 }), run('b', { q1: 1 }));
    const second = runFile(run('b', { q1: 0 }), run('a', { q1: 1, q2: 0, q3: 1 }), run('c', { q1: 0 }));
    expect(compareRunFiles(first, second)).toMatchObject([
      { run: 'a', series: 'fused', figure: 'ndcg10', queries: 2, difference: 0.5 },
      { run: 'b', queries: 1, difference: -1 },
    ]);
  });

  it('of one run each are compared whatever their names', () => {
    const compared = compareRunFiles(runFile(run('before', { q: 0 })), runFile(run('after', { q: 1 })));
    expect(compared).toMatchObject([{ run: 'before', difference: 1 }]);
  });

  it('have nothing to compare without a common query', () => {
    expect(compareRunFiles(runFile(run('a', { q: 0 })), runFile(run('a', { r: 1 })))).toEqual([]);
  });
});

describe('the figures of a search', () => {
  const quality = (ndcg10: number) => ({ ndcg10, recall10: 1, recall100: 1, mrr10: ndcg10 });
  const perQuery: QueryQuality[] = [
    { query: 'q1', lexical: quality(0), dense: quality(1), fused: quality(1) },
    { query: 'q2', lexical: quality(1), dense: quality(0), fused: quality(1) },
  ];
  const result: RetrievalResult = {
    name: 'tiny',
    perQuery,
    embeddingModel: 'm',
    denseWeight: 0.5,
    weightFrom: 'given',
  };
  const wordsOnly: RetrievalResult = {
    ...result,
    perQuery: perQuery.map((entry) => ({ ...entry, dense: null, fused: entry.lexical })),
    embeddingModel: null,
    denseWeight: null,
    weightFrom: null,
  };

  it('are means over its queries', () => {
    expect(meanQuality(result, 'fused')).toEqual(quality(1));
    expect(meanQuality(result, 'lexical')).toEqual(quality(0.5));
    expect(fusionGains(result).map(({ series, difference }) => [series, difference])).toEqual([
      ['lexical → fused', 0.5],
      ['dense → fused', 0.5],
    ]);
  });

  it('have no dense leg where there are no vectors', () => {
    expect(meanQuality(wordsOnly, 'dense')).toBeNull();
    expect(fusionGains(wordsOnly)).toEqual([]);
    expect(toRunFile([wordsOnly], 1).runs[0]?.scores).not.toHaveProperty('dense');
    expect(toRetrievalJson([{ result: wordsOnly, other: null }], [])).toMatchObject({
      tiny: { bm25: quality(0.5), dense: null, fused: quality(0.5), queries: 2, comparison: [] },
    });
  });

  it('are compared with those of another weight', () => {
    const other = { ...result, denseWeight: 0.9, perQuery: perQuery.map((entry) => ({ ...entry, fused: quality(0) })) };
    const [compared] = compareWeights({ result, other });
    expect(compared).toMatchObject({ series: 'fused 0.5 → 0.9', figure: 'ndcg10', difference: -1, worse: 2 });
  });
});

describe('a file of questions', () => {
  const read = (...lines: string[]) => {
    writeFileSync(file('q.jsonl'), lines.join('\n'));
    return readQuestions(file('q.jsonl'), say);
  };

  it('is a question with its answers on each line, in our form or FlashRAG’s', async () => {
    const questions = await read(
      '\uFEFF{"question":"谁？","answers":["小王"],"base":"Office"}',
      '',
      '{"id":7,"question":"Who?","golden_answers":["Lee","Mrs Lee"],"metadata":{}}',
    );
    expect(questions).toEqual([
      { id: '1', question: '谁？', answers: ['小王'], base: 'Office' },
      { id: '7', question: 'Who?', answers: ['Lee', 'Mrs Lee'], base: null },
    ]);
  });

  it.each([
    ['nonsense', 'oops'],
    ['no answer', '{"question":"x","answers":[]}'],
    ['no question', '{"question":" ","answers":["x"]}'],
    ['an id that there was', '{"id":1,"question":"x","answers":["x"]}'],
  ])('is refused for a line with %s, which is named', async (_what, line) => {
    await expect(read('{"question":"a","answers":["b"]}', line)).rejects.toThrow('line 2');
  });

  it('must be there, and hold something', async () => {
    await expect(read('')).rejects.toThrow('holds no question');
    await expect(readQuestions(file('gone'), say)).rejects.toThrow('There is no file');
  });
});
