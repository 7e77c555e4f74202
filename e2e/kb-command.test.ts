import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KnowledgeBaseList, RetrievalTrace } from '@parley/contracts';
import { startFakeVendor, type FakeVendor } from '@parley/worker/testing';
import { makeZip } from '../packages/rag/src/documents/formats/testing/make-zip.ts';
import { servePages, type PageServer } from '../packages/cli/src/testing/page-server.ts';
import { runParley } from './support/run-parley.ts';
import { startSystem, type System } from './support/system.ts';

let vendor: FakeVendor;
let system: System;
let folder: string;
let pages: PageServer;

beforeAll(async () => {
  vendor = await startFakeVendor();
  vendor.answerAlways({ pieces: ['It names the same person.\n', 'GRADE: 1'] });
  const openai = { engine: 'openai-compatible', base_url: vendor.openaiUrl, api_key: vendor.openaiKey };
  system = await startSystem({
    models: [
      { ...openai, name: 'vectors', purpose: 'embedding' },
      { ...openai, name: 'judge' },
    ],
    environment: { PARLEY_SERVER_ALLOW_PRIVATE_PAGES: 'true' },
  });
  pages = await servePages({
    '/menu': '<title>Menu</title><main><p>On Fridays there is soup.</p><a href="/drinks">Drinks</a></main>',
    '/drinks': '<title>Drinks</title><main><p>Tea is free.</p></main>',
  });
  folder = mkdtempSync(join(tmpdir(), 'parley-kb-'));
  write('备份.md', '# 备份\n\n每天晚上备份数据库。备份由小王负责。\n\n## 会议\n\n周一上午十点开会。\n');
  write('canteen.txt', 'The canteen opens at noon. Mrs Lee runs the canteen.\n');
  write('empty.txt', '');
  write('notes.zip', makeZip({ 'a/door.txt': 'The door code is 4711.', 'b/window.txt': 'The window stays shut.' }));
});
afterAll(async () => {
  await system?.stop();
  await vendor?.close();
  pages?.close();
  rmSync(folder, { recursive: true });
});

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const path = (name: string) => join(folder, name);
const words = (line: string) => line.split(' ');
const parley = (...args: string[]) => runParley(args, system.environment);

async function json<Value>(...args: string[]): Promise<Value> {
  const { stdout, stderr } = await parley(...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Value;
}

describe('parley kb', () => {
  it('makes a base, and lists it', async () => {
    expect((await parley('kb', 'list')).stdout).toContain('no knowledge bases');
    const { code, stdout } = await parley('kb', 'create', 'Office', '--embedding-model', 'vectors');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}\n$/)]);
    const { bases } = await json<KnowledgeBaseList>('kb', 'list');
    expect(bases).toMatchObject([{ id: stdout.trim(), name: 'Office', spaces: [{ model: 'vectors' }] }]);
  });

  it('adds files and waits until they are ready, the files of an archive too', async () => {
    const { code, stdout, stderr } = await parley('kb', 'add', 'office', path('备份.md'), path('notes.zip'));
    expect([code, stdout]).toEqual([0, '3 documents added to "Office".\n']);
    expect(stderr).toContain('ready   备份.md: 2 passages');
    expect(stderr).toContain('ready   notes.zip/a/door.txt: 1 passage');
    const { bases } = await json<KnowledgeBaseList>('kb', 'list');
    expect(bases[0]).toMatchObject({ documents: { ready: 3, running: 0, failed: 0 }, chunks: 4 });
  });

  it('says in plain words what could not be added, and adds the rest', async () => {
    const gone = `${pages.url}/gone`;
    const { code, stderr } = await parley('kb', 'add', 'Office', path('empty.txt'), path('canteen.txt'), gone);
    expect(code).toBe(1);
    expect(stderr).toContain('failed  empty.txt: This file is empty');
    expect(stderr).toContain('ready   canteen.txt: 1 passage');
    expect(stderr).toMatch(/failed {2}http.*answered with status 404\.\n/);
    expect(stderr).toContain('2 of 3 documents could not be added.');
    const chinese = { ...system.environment, LANG: 'zh_CN.UTF-8' };
    const again = await runParley(['kb', 'add', 'Office', path('empty.txt')], chinese);
    expect(again.stderr).toMatch(/失败 {2}empty\.txt：.*\n1 个文档中有 1 个未能添加/);
  });

  it('adds the pages of a site, and waits for the last of them', async () => {
    const { id } = await json<{ id: string }>('kb', 'create', 'Web');
    const { code, stderr } = await parley('kb', 'add', id, `${pages.url}/menu`, '--site');
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/ready .*\/menu: 1 passage\n(?:.*\n)*ready .*\/drinks: 1/),
    ]);
    expect((await parley('kb', 'delete', 'web', '--yes')).code).toBe(0);
  });

  it.each([
    [['kb', 'add', 'Nobody', 'canteen.txt'], /no knowledge base "Nobody"/],
    [['kb', 'add', 'Office', 'gone.txt'], /There is no file .*gone\.txt/],
    [['kb', 'delete', 'Office'], /Nothing was deleted/],
  ])('says what is wrong with %j', async ([group, command, base, file], sentence) => {
    const { code, stderr } = await parley(group!, command!, base!, ...(file === undefined ? [] : [path(file)]));
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
  });

  it('answers from the base, and cites it', async () => {
    const { code, stdout } = await parley('ask', '备份由谁负责？', '--base', 'office', '--model', 'parley-guide');
    expect(code).toBe(0);
    expect(stdout).toMatch(/备份由小王负责。 ?\[1\]/);
    expect(stdout).toContain('[1] 备份');
  });

  it('finds rows and indexes to agree, before and after they are made anew', async () => {
    for (const command of ['verify', 'rebuild', 'verify']) {
      const report = await json('kb', command, 'Office');
      expect(report).toMatchObject({ chunks: 5, missing: [], surplus: [], vectors: { expected: 5, found: 5 } });
    }
  });
});

describe('parley eval', () => {
  it('measures the searches of a base on its judged queries, and compares two weights', async () => {
    const { bases } = await json<KnowledgeBaseList>('kb', 'list');
    for (const query of ['小王负责什么', 'canteen', 'door code']) await pinBest(bases[0]!.id, query);
    const run = path('base.json');
    const { Office } = await json<{ Office: Record<string, never> }>(
      ...words(`eval retrieval Office --dense-weight 0.3 --against 0.7 --save ${run}`),
    );
    expect(Office).toMatchObject({ queries: 3, bm25: { ndcg10: 1 }, dense_weight: 0.3, embedding_model: 'vectors' });
    expect(Office).toMatchObject({ fused: { mrr10: 1 }, against: { mrr10: 1 } });
    const { code, stdout } = await parley('eval', 'retrieval', 'Office', '--compare', run);
    expect(code).toBe(0);
    expect(stdout).toMatch(/BM25 +1\.0000 +1\.0000 +1\.0000 +1\.0000/);
    expect(stdout).toMatch(/Office +fused +nDCG@10 +1\.0000 +1\.0000 +\+0\.0000/);
    const refused = await parley('eval', 'retrieval', 'Office', '--embedding-model', 'vectors');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('is for a folder')]);
  });

  it('measures a judged collection in a folder, by words and by meaning', async () => {
    mkdirSync(path('tiny'));
    const documents = [
      { _id: 'd1', title: 'Cats', text: 'A cat sleeps all day.' },
      { _id: 'd2', text: '狗喜欢散步。' },
      { _id: 'd3', text: 'Nothing about animals.' },
    ];
    write('tiny/corpus.jsonl', documents.map((row) => JSON.stringify(row)).join('\n'));
    write('tiny/queries.test.jsonl', '{"_id":"q1","text":"cat"}\n{"_id":"q2","text":"散步的狗"}\n');
    write('tiny/qrels.test.tsv', 'query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n');
    const figures = await json('eval', 'retrieval', path('tiny'), '--embedding-model', 'vectors');
    const best = { ndcg10: 1, recall10: 1, recall100: 1, mrr10: 1 };
    expect(figures).toMatchObject({ tiny: { bm25: best, dense: best, fused: best, queries: 2 } });
  });

  it('asks questions whose answers are known, and has a model grade the answers', async () => {
    const lines = [
      { question: '备份由谁负责？', answers: ['小王'], base: 'Office' },
      { id: 'canteen', question: 'Who runs the canteen?', golden_answers: ['Mrs Lee'] },
    ];
    write('questions.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
    const save = path('answers.json');
    const { code, stdout } = await parley(
      ...words(`eval answers ${path('questions.jsonl')} --base Office --model parley-guide`),
      ...words(`--judge judge --save ${save} --parallel 2`),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/sub-EM +1\.0000/);
    expect(stdout).toMatch(/passage recall +1\.0000/);
    expect(stdout).toMatch(/judge graded 2, refused 0, gave no readable grade to 0, and failed on 0/);
    const saved = JSON.parse(readFileSync(save, 'utf8')) as { answers: { id: string; given: { text: string } }[] };
    expect(saved.answers.map(({ id }) => id)).toEqual(['1', 'canteen']);
    const { compared } = await json<{ compared: { figure: string; p: number }[] }>('eval', 'compare', save, save);
    expect(compared.find(({ figure }) => figure === 'f1')).toMatchObject({ p: 1 });
    const conversations = await api<{ conversations: unknown[] }>('/api/conversations');
    // Only the one of `parley ask` is left.
    expect(conversations.conversations).toHaveLength(1);
  });

  it('leaves nothing of a base that is deleted', async () => {
    expect((await parley('kb', 'delete', 'Office', '--yes')).stdout).toContain('is deleted');
    expect(await json('kb', 'list')).toMatchObject({ bases: [] });
  });
});

let token = '';
async function api<Value>(url: string, body?: object): Promise<Value> {
  token ||= (await parley('token')).stdout.trim();
  const response = await fetch(system.url + url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Value;
}

/** Judges what is found first to be right. */
async function pinBest(baseId: string, query: string): Promise<void> {
  const { hits } = await api<RetrievalTrace>('/api/knowledge-bases/search', { base_ids: [baseId], query });
  const { document_id, start, end } = hits[0]!;
  await api(`/api/knowledge-bases/${baseId}/judgements`, { query, document_id, start, end, grade: 2 });
}
