import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Judgement } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { JudgementsRepository } from './judgements.repository.ts';
import { PreviewService } from './preview.service.ts';
import { KnowledgeServer } from './testing/knowledge-server.ts';

let server: KnowledgeServer;
let baseId: string;

beforeEach(async () => {
  server = await KnowledgeServer.start();
  for (const name of ['ada', 'bob']) await server.addUser(name);
  ({ id: baseId } = await server.createBase('ada'));
  await server.share(baseId, 'ada', { visibility: 'public' });
});

afterEach(() => server.dispose());

describe('judgements', () => {
  const path = () => `/knowledge-bases/${baseId}/judgements`;
  const list = async () => (await server.json<{ judgements: Judgement[] }>('ada', path())).judgements;
  const pin = (body: object) => server.json<Judgement>('ada', path(), { method: 'POST', body });

  it('are pinned, changed by pinning anew, listed newest first, and removed', async () => {
    const { id: document_id } = await server.upload('ada', baseId, { name: 'a.txt' });
    const one = { query: 'Who?', document_id, start: 0, end: 3, grade: 2 };
    await pin(one);
    const other = await pin({ ...one, query: ' Where? ' });
    const again = await pin({ ...one, grade: 0 });
    expect(await list()).toEqual([again, other]);
    expect(again).toMatchObject({ ...one, grade: 0, origin: 'pin' });
    expect(other.query).toBe('Where?');
    expect((await server.fetch('ada', `${path()}/${other.id}`, { method: 'DELETE' })).status).toBe(204);
    const twice = await server.fetch('ada', `${path()}/${other.id}`, { method: 'DELETE' });
    expect(await twice.json()).toMatchObject({ error: { code: 'judgement_not_found' } });
    expect(await list()).toEqual([again]);
  });

  it.each([
    [{ grade: 3 }, 'grade'],
    [{ query: ' ' }, 'query'],
    [{ query: 'x'.repeat(16_001) }, 'query'],
    [{ end: 0 }, 'end'],
  ])('are refused with %j', async (wrong, param) => {
    const { id: document_id } = await server.upload('ada', baseId, { name: 'a.txt' });
    const body = { query: 'Who?', document_id, start: 0, end: 3, grade: 2, ...wrong };
    const response = await server.fetch('ada', path(), { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it('follow the thumb on an answer, and pass over documents that are gone', async () => {
    const { id: document_id } = await server.upload('ada', baseId, { name: 'a.txt' });
    const conversation = { id: 'c', user_id: 'bob', title: '', is_named: 0, created_at: 1, updated_at: 1 };
    await server.db.insertInto('conversations').values(conversation).execute();
    const empty = { parent_id: null, reasoning: null, model: null, usage: null, timings: null, error: null };
    const message = { id: 'm', conversation_id: 'c', sequence: 1, role: 'assistant' as const, status: 'complete' };
    const ends = { content: '', finish_reason: null, trace: null, feedback: null, created_at: 1, finished_at: 1 };
    await server.db
      .insertInto('messages')
      .values({ ...message, ...empty, ...ends })
      .execute();
    const judgements = new JudgementsRepository(server.db);
    const thumb = { base_id: baseId, document_id, query: 'Who?', start: 0, end: 3, message_id: 'm', created_at: 1 };
    const up = { ...thumb, id: 'up', grade: 1, origin: 'feedback' as const };
    await judgements.replaceOfMessage('m', [up, { ...up, id: 'other', document_id: 'gone' }]);
    expect(await list()).toMatchObject([{ id: 'up', document_id, grade: 1, origin: 'feedback' }]);
    await judgements.replaceOfMessage('m', [{ ...up, id: 'down', grade: 0 }]);
    expect(await list()).toMatchObject([{ id: 'down', grade: 0 }]);
    await judgements.replaceOfMessage('m', []);
    expect(await list()).toEqual([]);
  });
});

describe('the history of searches', () => {
  it('shows everybody their own, newest first, the last hundred', async () => {
    const { searches } = server.knowledge;
    for (let count = 0; count < 103; count += 1) {
      await searches.record('ada', [baseId], { query: `${count}`, hits: count, total_ms: 1.5 });
    }
    await searches.record('bob', [baseId], { query: 'mine', hits: 1, total_ms: 2 });
    const read = (user: string) =>
      server.json<{ searches: { query: string }[] }>(user, `/knowledge-bases/${baseId}/searches`);
    const mine = (await read('ada')).searches.map(({ query }) => query);
    expect(mine).toEqual(Array.from({ length: 100 }, (_, index) => `${102 - index}`));
    expect(await read('bob')).toEqual({
      searches: [{ id: expect.any(String), query: 'mine', hits: 1, total_ms: 2, created_at: expect.any(Number) }],
    });
    const { count } = await server.db
      .selectFrom('searches')
      .select((row) => row.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(101);
  });
});

it('keeps no search of a base that was removed while it was searched', async () => {
  await expect(
    server.knowledge.searches.record('ada', ['gone'], { query: 'x', hits: 0, total_ms: 1 }),
  ).resolves.toBeUndefined();
});

describe('a preview', () => {
  const previews = () => readdirSync(join(server.home, 'previews'));
  const previewFile = (name: string, content: string, signal?: AbortSignal) =>
    server.fetch('bob', `/knowledge-bases/preview-file?name=${name}`, {
      method: 'POST',
      body: new TextEncoder().encode(content),
      ...(signal ? { signal } : {}),
    });

  it('shows how a text would be cut, and stores nothing', async () => {
    const body = { text: 'One.\nTwo.', split: { max_tokens: 60 } };
    expect(await server.json('bob', '/knowledge-bases/preview', { method: 'POST', body })).toEqual({
      chunks: [
        { ordinal: 0, page: null, heading_path: [], start: 0, end: 4, flags: [] },
        { ordinal: 1, page: null, heading_path: [], start: 5, end: 9, flags: [] },
      ],
    });
    expect(server.reader.inputs).toMatchObject([{ kind: 'text', split: { max_tokens: 60, overlap_tokens: 0 } }]);
  });

  it('shows what would be kept of a file, bounded, and keeps no file', async () => {
    const response = await previewFile('a.txt', '长'.repeat(200_001));
    expect(await response.json()).toEqual({ title: 'Read', text: '长'.repeat(200_000), flags: ['instructions'] });
    expect(previews()).toEqual([]);
    expect(server.reader.running).toBe(0);
  });

  it('shows the names in an archive, and deletes what was unpacked', async () => {
    const path = join(server.home, 'unpacked');
    writeFileSync(path, 'x');
    server.reader.events = [{ type: 'entry', name: 'in/a.txt', path, size: 1 }, { type: 'end' }];
    const response = await previewFile('a.zip', 'PK');
    expect(await response.json()).toMatchObject({ title: 'a.zip', text: '- in/a.txt\n' });
    expect(readdirSync(server.home)).not.toContain('unpacked');
  });

  it('ends with its reader, and leaves nothing', async () => {
    server.reader.isHanging = true;
    const abort = new AbortController();
    const asked = previewFile('a.txt', 'x', abort.signal).catch(() => null);
    await server.reader.begun.promise;
    abort.abort();
    await asked;
    await waitUntil(() => server.reader.running === 0, 'the reader to end');
    await waitUntil(() => previews().length === 0, 'the file to go');
    expect(server.reader.inputs).toHaveLength(1);
  });

  it('is refused while too many are being made', async () => {
    server.reader.isHanging = true;
    const abort = new AbortController();
    const running = Array.from({ length: 4 }, () => previewFile('a.txt', 'x', abort.signal).catch(() => null));
    await waitUntil(() => server.reader.running === 4, 'four previews');
    const fifth = await previewFile('a.txt', 'x');
    expect(fifth.status).toBe(429);
    abort.abort();
    await Promise.all(running);
    await waitUntil(() => server.reader.running === 0, 'the previews to end');
  });

  it('that takes too long says so', async () => {
    server.reader.isHanging = true;
    const service = new PreviewService({ reader: server.reader, folder: '', newId: () => '', maxMs: 1 });
    const cut = service.cut({ text: 'x', split: { max_tokens: 100, overlap_tokens: 0 } }, new AbortController().signal);
    await expect(cut).rejects.toMatchObject({ code: 'document_too_slow' });
  });

  it.each([{ text: 'x'.repeat(200_001) }, { text: 'x', split: { max_tokens: 50, overlap_tokens: 60 } }, {}])(
    'is refused for what cannot be cut',
    async (body) => {
      const response = await server.fetch('bob', '/knowledge-bases/preview', { method: 'POST', body });
      expect(response.status).toBe(400);
    },
  );
});
