import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collectionFolders, readCollection, readJudgedQueries } from './read-collection.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parley-collection-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};
const CORPUS = '{"_id":"d1","title":"One","text":"First."}\n{"_id":2,"text":"第二篇。","metadata":{}}\n';
const QUERIES = '{"_id":"q1","text":"Which?"}\n{"_id":"q2","text":"Not judged"}\n';
const QRELS = 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t2\t0\n';

it('reads documents, judged queries and judgements', async () => {
  write({ 'corpus.jsonl': `\uFEFF${CORPUS}\n`, 'queries.test.jsonl': QUERIES, 'qrels.test.tsv': QRELS });
  expect(await readCollection(folder)).toEqual({
    name: basename(folder),
    documents: [
      { id: 'd1', title: 'One', text: 'First.' },
      { id: '2', title: '', text: '第二篇。' },
    ],
    queries: [{ id: 'q1', text: 'Which?' }],
    judgements: new Map([
      [
        'q1',
        new Map([
          ['d1', 2],
          ['2', 0],
        ]),
      ],
    ]),
  });
});

it('has no judged queries of a split that is not there', async () => {
  expect(await readJudgedQueries(folder, 'train')).toEqual({ queries: [], judgements: new Map() });
});

it('reads the layout of BEIR’s own downloads, and another split', async () => {
  write({ 'corpus.jsonl': CORPUS, 'queries.jsonl': QUERIES, 'qrels/dev.tsv': 'q2\td1\t1\r\n' });
  const { queries } = await readCollection(folder, { split: 'dev' });
  expect(queries).toEqual([{ id: 'q2', text: 'Not judged' }]);
});

it.each([
  [{}, /has no judged query of "test": qrels\.test\.tsv or qrels\/test\.tsv/],
  [{ 'qrels.test.tsv': 'a\tb\t1\nq1 d1 1\n' }, /qrels\.test\.tsv, line 2: this is no judgement/],
  [{ 'qrels.test.tsv': QRELS, 'queries.jsonl': '{"_id":"q1"}\n' }, /queries\.jsonl, line 1: this is no entry/],
  [{ 'qrels.test.tsv': QRELS, 'queries.jsonl': QUERIES, 'corpus.jsonl': `${CORPUS}oops` }, /corpus\.jsonl, line 3/],
  [{ 'qrels.test.tsv': 'x\td1\t1\n', 'queries.jsonl': QUERIES, 'corpus.jsonl': CORPUS }, /has no judged query/],
])('says what is wrong with %j', async (files, sentence) => {
  write(files);
  await expect(readCollection(folder)).rejects.toThrow(sentence);
});

it('finds a collection, or every one in a folder', () => {
  write({ 'b/corpus.jsonl': CORPUS, 'a/corpus.jsonl': CORPUS, 'c/other.txt': '' });
  expect(collectionFolders(folder)).toEqual([join(folder, 'a'), join(folder, 'b')]);
  expect(collectionFolders(join(folder, 'b'))).toEqual([join(folder, 'b')]);
  expect(collectionFolders(join(folder, 'c'))).toEqual([]);
});
