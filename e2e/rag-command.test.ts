import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { text as readText } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '@parley/contracts';
import { BLOG_POST, servePages, type PageServer } from '../packages/cli/src/testing/page-server.ts';
import { runParley } from './support/run-parley.ts';
import { startSystem, type System } from './support/system.ts';

const SELECT = '.post-content,.post-title,.post-header';

describe('parley rag', () => {
  let system: System;
  let pages: PageServer;
  let folder: string;
  let provider: Server;
  const prompts: string[][] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-rag-'));
    pages = await servePages({ '/post': BLOG_POST });
    provider = await startProvider(prompts);
    const address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
    system = await startSystem({ models: [{ name: 'echo', engine: 'openai-compatible', base_url: address }] });
  });
  afterAll(async () => {
    pages.close();
    rmSync(folder, { recursive: true });
    await system.stop();
    provider.closeAllConnections();
    provider.close();
  });

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
    expect(result.documents).toEqual([{ source: file, title: '笔记', language: 'zh', characters: text.length }]);
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
    expect((await ask('What is task decomposition?')).stdout).toContain('Answer 1');
    expect(prompts).toHaveLength(1);
    expect((await ask('How can it be done?')).code).toBe(0);
    expect(prompts.map((messages) => messages[0]?.split(' ', 2).join(' '))).toEqual([
      'You answer',
      'Rewrite the',
      'You answer',
    ]);
    expect(prompts[2]?.slice(1)).toEqual(['What is task decomposition?', 'Answer 1', 'How can it be done?']);
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

  it.each([
    [['--split', '200/1000'], /smaller overlap/],
    [['--model', 'gpt-99'], /parley-guide/],
    [['--select', '.nothing'], /has nothing that \.nothing selects/],
  ])('says what is wrong with %j', async (options, sentence) => {
    const { code, stderr } = await rag(page(), '--allow-private', '--ask', 'What is memory?', ...options);
    expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
  });
});

/** FAKE provider: answers "Answer 1", "Answer 2", … over SSE and records what it was asked. */
async function startProvider(prompts: string[][]): Promise<Server> {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await readText(request)) as { messages: { content: string }[] };
    prompts.push(body.messages.map(({ content }) => content));
    const choices = [{ index: 0, delta: { content: `Answer ${prompts.length}` }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: ${JSON.stringify({ id: 'x', model: 'echo', choices })}\n\ndata: [DONE]\n\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
