import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '@parley/contracts';
import { startFakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '@parley/worker/testing';
import { BLOG_POST, servePages, type PageServer } from '../packages/cli/src/testing/page-server.ts';
import { makeZip } from '../packages/rag/src/documents/formats/testing/make-zip.ts';
import { at, writePdf } from '../packages/rag/src/documents/pdf/testing/write-pdf.ts';
import { ChromaServer, hasChroma } from '../packages/rag/src/testing/chroma-server.ts';
import { runParley } from './support/run-parley.ts';
import { startSystem, type System } from './support/system.ts';

const SELECT = '.post-content,.post-title,.post-header';

describe('parley rag', () => {
  let system: System;
  let pages: PageServer;
  let folder: string;
  let vendor: FakeVendor;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-rag-'));
    pages = await servePages({ '/post': BLOG_POST });
    vendor = await startFakeVendor();
    vendor.answerAlways(answerAsFake);
    const openai = { engine: 'openai-compatible', base_url: vendor.openaiUrl, api_key: vendor.openaiKey };
    system = await startSystem({
      models: [
        { ...openai, name: 'echo' },
        { ...openai, name: 'vectors', purpose: 'embedding' },
        {
          name: 'embedding-2',
          engine: 'zhipu',
          purpose: 'embedding',
          base_url: vendor.zhipuUrl,
          api_key: vendor.zhipuKey,
        },
      ],
    });
  });
  afterAll(async () => {
    pages?.close();
    rmSync(folder, { recursive: true });
    await system?.stop();
    await vendor?.close();
  });
  let before = 0;
  beforeEach(() => (before = vendor.requests.length));

  const asked = (door: VendorRequest['door']) =>
    vendor.requests.slice(before).filter((request) => request.door === door);
  const embeddedTexts = () => asked('embeddings').flatMap(({ body }) => body['input'] as string | string[]);
  const prompts = () =>
    asked('chat').map(({ body }) => (body['messages'] as { content: string }[]).map(({ content }) => content));
  const rag = (...args: string[]) => runParley(['rag', ...args], system.environment);
  const page = () => `${pages.url}/post`;

  it('answers from the chosen parts of a page, and cites where', async () => {
    const question = ['--select', SELECT, '--ask', 'What is task decomposition?'];
    const { code, stdout, stderr } = await rag(page(), '--allow-private', ...question);
    expect([code, stderr]).toEqual([0, expect.stringContaining('1 document')]);
    expect(stdout).toMatch(/splits a large task into smaller steps\. \[1\]/);
    expect(stdout).toMatch(/\[1\] Agents › Autonomous agents › Task decomposition \(http:.*\/post, \d+–\d+\)/);
    expect(stdout).not.toContain('sold in our shop');
  });

  it('says in its JSON what it read, and quotes it word for word', async () => {
    const file = join(folder, '笔记.md');
    const text = '# 笔记\n\n## 备份\n\n每天晚上备份数据库。备份由小王负责。\n\n## 会议\n\n周一开会。\n';
    writeFileSync(file, text);
    const { code, stdout } = await rag(file, '--ask', '备份由谁负责？', '--split', '1000/200', '--json');
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { answer: string; status: string; sources: Source[]; documents: unknown[] };
    expect(result).toMatchObject({ status: 'complete', answer: expect.stringContaining('备份由小王负责。') });
    expect(result.documents).toEqual([
      { source: file, title: '笔记', language: 'zh', characters: text.length, flags: [] },
    ]);
    for (const { start, end, quote } of result.sources) expect(text.slice(start, end)).toBe(quote);
  });

  it('keeps a conversation, so that a follow-up finds what it is about', async () => {
    const history = join(folder, 'talk.json');
    const ask = (question: string) => rag(page(), '--allow-private', '--history', history, '--ask', question);
    expect((await ask('What is task decomposition?')).code).toBe(0);
    expect((await ask('How can it be done?')).stdout).toContain('by prompting the model');
    const { turns } = JSON.parse(readFileSync(history, 'utf8')) as { turns: { question: string }[] };
    expect(turns.map(({ question }) => question)).toEqual(['What is task decomposition?', 'How can it be done?']);
  });

  it('has a follow-up rewritten by a model that can, and never a first question', async () => {
    const history = join(folder, 'talk-2.json');
    const ask = (question: string) =>
      rag(page(), '--allow-private', '--model', 'echo', '--history', history, '--ask', question);
    expect((await ask('What is task decomposition?')).stdout).toContain('Answer: What is task decomposition?');
    expect(prompts()).toHaveLength(1);
    expect((await ask('How can it be done?')).code).toBe(0);
    expect(prompts().map((messages) => messages[0]?.split(' ', 2).join(' '))).toEqual([
      'You answer',
      'Rewrite the',
      'You answer',
    ]);
    expect(prompts()[2]?.slice(1)).toEqual([
      'What is task decomposition?',
      'Answer: What is task decomposition? [1]',
      'How can it be done?',
    ]);
  });

  it('reads files of many kinds, and a zip of them', async () => {
    const table = 'name,duty\nAda,backups\nGrace,releases\n';
    writeFileSync(join(folder, 'duties.zip'), makeZip({ 'duties.csv': table, 'noise.bin': new Uint8Array([0, 1, 2]) }));
    const { code, stdout, stderr } = await rag(join(folder, 'duties.zip'), '--ask', 'Who does the backups?');
    expect([code, stdout]).toEqual([0, expect.stringContaining('duties.csv')]);
    expect(stdout).toContain('Ada');
    expect(stderr).toMatch(/Left out .*noise\.bin: /);
  });

  it('says on which page of a PDF it stands', async () => {
    const file = join(folder, 'report.pdf');
    writeFileSync(file, writePdf(['', at([72, 700], 'The repair of the roof cost nine thousand euros.')]));
    const { stdout } = await rag(file, '--ask', 'What did the repair of the roof cost?');
    expect(stdout).toContain('nine thousand euros');
    expect(stdout).toMatch(/\[1\] report \(.*\/report\.pdf, page 2, \d+–\d+\)/);
  });

  it('refuses an address of this machine, in plain words, unless it is told to trust it', async () => {
    const { code, stdout, stderr } = await rag(page(), '--ask', 'What is task decomposition?');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/lies in a private network, which Parley does not open\. .*--allow-private/);
    expect(stderr).not.toMatch(/ at |Error:/);
  });

  it('refuses the gateway’s own neighbours under another name', async () => {
    const { code, stderr } = await rag('http://2130706433:20000/v1/models', '--ask', 'x');
    expect([code, stderr]).toEqual([1, expect.stringContaining('private network')]);
  });

  describe('with embeddings', () => {
    const chroma = new ChromaServer();
    const named = process.env['CHROMA_URL'];
    beforeAll(async () => {
      if (hasChroma && !named) await chroma.start();
    });
    afterAll(() => chroma.dispose());

    const chromaUrl = () => named ?? chroma.url;
    const text = '# Notes\n\n## Backup\n\nAda saves the database.\n\n## 会议\n\n小组周一开会。\n';
    const notes = () => {
      const file = join(folder, 'notes.md');
      writeFileSync(file, text);
      return file;
    };
    const askWith = (...options: string[]) =>
      rag(...options, '--embedding-model', 'vectors', '--model', 'echo', '--json');

    it.skipIf(!hasChroma && !named)('keeps them in Chroma, and never makes them twice', async () => {
      const collection = `e2e-${process.pid}-${Date.now()}`;
      const store = ['--store', 'chroma', '--chroma-url', chromaUrl(), '--collection', collection];
      const { code, stdout } = await askWith(notes(), ...store, '--ask', '小组什么时候开会？');
      expect(code).toBe(0);
      const first = JSON.parse(stdout) as { sources: Source[] };
      expect(first).toMatchObject({ status: 'complete', embedding_model: 'vectors', alarms: [] });
      expect(first.sources[0]).toMatchObject({ heading_path: ['会议'], quote: expect.stringContaining('周一') });
      for (const { start, end, quote } of first.sources) expect(text.slice(start, end)).toBe(quote);
      expect(embeddedTexts()).toHaveLength(3);
      if (!named) {
        await chroma.stop();
        await chroma.start();
      }
      const history = join(folder, 'talk-3.json');
      writeFileSync(history, JSON.stringify({ turns: [{ question: 'Who saves the database?', answer: 'Ada.' }] }));
      const again = await askWith(notes(), ...store, '--history', history, '--ask', 'And when does the team meet?');
      expect(again.code).toBe(0);
      // The question, to learn what the space is like, and what the follow-up was rewritten to.
      expect(embeddedTexts().slice(3)).toEqual([
        'And when does the team meet?',
        'Answer: And when does the team meet? [1]',
      ]);
      expect((JSON.parse(readFileSync(history, 'utf8')) as { turns: unknown[] }).turns).toHaveLength(2);
    });

    it('keeps them in the embedded store', async () => {
      const store = ['--collection', 'notes', '--ask', 'Who saves the database?'];
      expect(JSON.parse((await askWith(notes(), ...store)).stdout)).toMatchObject({ status: 'complete' });
      expect(embeddedTexts()).toHaveLength(3);
      const { stderr } = await rag(notes(), ...store, '--embedding-model', 'vectors');
      expect(stderr).toContain('Embedded 0 passages; 2 were there already.');
      expect(embeddedTexts()).toHaveLength(4);
    });

    it('has them made by Zhipu’s API, which asks for a signed token', async () => {
      const asking = ['--embedding-model', 'embedding-2', '--ask', 'Who saves the database?'];
      const { code, stderr } = await rag(notes(), ...asking, '--store', 'memory');
      expect([code, stderr]).toEqual([0, expect.stringContaining('Embedded 2 passages')]);
      expect(asked('embeddings').map(({ wire, body }) => [wire, body['model']])).toEqual([
        ['zhipu', 'embedding-2'],
        ['zhipu', 'embedding-2'],
      ]);
    });

    it('ends with a plain sentence when they fail, and asks no model', async () => {
      const refusal = { error: { message: 'The quota is used up.', type: 'insufficient_quota' } };
      vendor.answerAlways(({ door }) => (door === 'chat' ? { pieces: ['Never.'] } : { status: 400, body: refusal }));
      const { code, stdout, stderr } = await rag(notes(), '--embedding-model', 'vectors', '--ask', 'Who is Ada?');
      vendor.answerAlways(answerAsFake);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('has no quota left');
      expect(stderr).not.toMatch(/\n {4}at |Error:/);
      expect(asked('chat')).toEqual([]);
    });

    it('ends with a plain sentence when a vector is missing', async () => {
      vendor.answer({ texts: 'honest' }, { texts: 'honest', missing: 1 });
      const { code, stderr } = await rag(notes(), '--embedding-model', 'vectors', '--ask', 'Who is Ada?');
      expect([code, stderr]).toEqual([1, expect.stringContaining('1 embeddings for 2 texts')]);
      expect(asked('chat')).toEqual([]);
    });

    it('says when the Chroma server does not answer', async () => {
      const away = ['--chroma-url', 'http://127.0.0.1:1', '--embedding-model', 'vectors'];
      const { code, stderr } = await rag(notes(), ...away, '--ask', 'Who is Ada?');
      expect([code, stderr]).toEqual([1, expect.stringContaining('The Chroma server did not answer')]);
      const chinese = { ...system.environment, LANG: 'zh_CN.UTF-8' };
      const again = await runParley(['rag', notes(), ...away, '--ask', 'Who is Ada?'], chinese);
      expect(again.stderr).toContain('已读取 1 个文档');
      expect(again.stderr).toContain('向量库没有回应');
    });
  });

  it.each([
    [['--split', '200/1000'], /smaller overlap/],
    [['--model', 'gpt-99'], /parley-guide/],
    [['--embedding-model', 'echo'], /does not turn texts into vectors/],
    [['--store', 'milvus'], /memory, embedded or chroma/],
    [['--select', '.nothing'], /has nothing that \.nothing selects/],
  ])('says what is wrong with %j', async (options, sentence) => {
    const { code, stderr } = await rag(page(), '--allow-private', '--ask', 'What is memory?', ...options);
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
  });
});

/** Answers "Answer: …" to what it is told last, and with honest vectors. */
function answerAsFake({ door, body }: VendorRequest): VendorAnswer {
  if (door !== 'chat') return { texts: 'honest' };
  const messages = body['messages'] as { content: string }[];
  return { pieces: [`Answer: ${messages.at(-1)?.content} [1]`] };
}
