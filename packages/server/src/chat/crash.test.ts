import { cp } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import type { MessageList } from '@parley/contracts';
import { collect, silentLogger, waitUntil } from '@parley/service-kit/testing';
import { ConversationsRepository } from '../conversations/conversations.repository.ts';
import { openDatabase } from '../database/open-database.ts';
import { MessagesRepository } from '../conversations/messages.repository.ts';
import { ExchangeRepository } from './exchange.repository.ts';
import { makeSource } from '../testing/make-source.ts';
import { ScriptedAnswerModel } from '../testing/scripted-answer-model.ts';
import { fakeModel, TestServer } from '../testing/test-server.ts';
import { AnswerRun } from './answer-run.ts';
import { writeAnswer } from './write-answer.ts';

let server: TestServer;
let model: ScriptedAnswerModel;

beforeEach(async () => {
  server = new TestServer();
  model = new ScriptedAnswerModel();
  await server.start({}, { answerModel: model });
});

afterEach(() => server.dispose());

const messagesOf = (of: TestServer, id: string) => of.json<MessageList>(`/api/conversations/${id}/messages`);

describe('a server that dies', () => {
  it('finds its half answer after the start, marked interrupted, the text kept', async () => {
    const reader = await server.chat({ query: 'Hi' });
    const { conversation_id, message_id } = await reader.until('start');
    const answer = await model.next();
    const source = makeSource({ end: 1, quote: 'q' });
    answer.send({ type: 'sources', sources: [source] });
    answer.say('Half an answer');
    await waitUntil(async () => {
      const { messages } = await messagesOf(server, conversation_id);
      return messages[1]?.content === 'Half an answer';
    }, 'the text is stored while it streams');

    const next = new TestServer();
    // What lies on the disk now is what a killed process leaves.
    await cp(server.home, next.home, { recursive: true });
    await next.start({}, { answerModel: model });
    try {
      const { messages } = await messagesOf(next, conversation_id);
      expect(messages[1]).toMatchObject({ status: 'interrupted', content: 'Half an answer', sources: [source] });
      const events = await (await next.stream(`/api/messages/${message_id}/events`)).rest();
      expect(events.map(({ type }) => type)).toEqual(['text-delta', 'sources', 'done']);
      const again = await next.stream(`/api/messages/${message_id}/regenerate`, { method: 'POST' });
      (await model.next()).finish();
      expect((await again.rest()).at(-1)).toMatchObject({ status: 'complete' });
    } finally {
      await next.dispose();
    }
  });
});

describe('a full disk', () => {
  const conversation = { id: 'c', user_id: 'u', title: 'T', is_named: 0, created_at: 1, updated_at: 1 };
  const long = 'x'.repeat(3_000_000);

  async function openFull() {
    const db = await openDatabase({ home: `${server.home}/full`, now: () => 1 });
    const user = { id: 'u', name: 'Ada', name_key: 'ada', role: 'owner' as const, password_hash: null, created_at: 1 };
    await db.insertInto('users').values(user).execute();
    await sql`pragma max_page_count = 200`.execute(db);
    return db;
  }

  it('stores a question whole or not at all, and says why', async () => {
    const db = await openFull();
    const store = new ExchangeRepository(db).store({
      conversationId: 'c',
      newConversation: conversation,
      messages: [
        { id: 'q', parent_id: null, role: 'user', status: 'complete', content: 'short', model: null },
        { id: 'a', parent_id: 'q', role: 'assistant', status: 'streaming', content: long, model: 'm' },
      ],
      bases: null,
      time: 1,
    });
    await expect(store).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining('full') });
    expect(await db.selectFrom('messages').selectAll().execute()).toEqual([]);
    expect(await db.selectFrom('conversations').selectAll().execute()).toEqual([]);
    await db.destroy();
  });

  it('leaves what was stored of an answer before', async () => {
    const db = await openFull();
    const message = {
      id: 'a',
      parent_id: null,
      role: 'assistant',
      status: 'streaming',
      content: 'Half',
      model: 'm',
    } as const;
    await new ExchangeRepository(db).store({
      conversationId: 'c',
      newConversation: conversation,
      messages: [message],
      bases: null,
      time: 1,
    });
    const messages = new MessagesRepository(db);
    await expect(messages.append('a', { content: long, reasoning: '', sources: null })).rejects.toMatchObject({
      code: 'storage_failed',
    });
    expect(await messages.find('u', 'a')).toMatchObject({ content: 'Half', status: 'streaming' });
    await db.destroy();
  });

  it('ends an answer that can be kept no longer, and tells its reader why', async () => {
    const db = await openFull();
    const message = {
      id: 'a',
      parent_id: null,
      role: 'assistant',
      status: 'streaming',
      content: '',
      model: 'm',
    } as const;
    await new ExchangeRepository(db).store({
      conversationId: 'c',
      newConversation: conversation,
      messages: [message],
      bases: null,
      time: 1,
    });
    const identity = { userId: 'u', conversationId: 'c', questionId: 'q', messageId: 'a', model: 'm', requestId: 'r' };
    const run = new AnswerRun(identity);
    const task = {
      question: 'Hi',
      turns: [],
      model: { ...fakeModel, state: 'ready' as const, loading_percent: null },
      userId: 'u',
      baseIds: [],
      complete: noCompletion,
    };
    const writing = writeAnswer(run, task, {
      answerModel: model,
      messages: new MessagesRepository(db),
      conversations: new ConversationsRepository(db),
      toTitle: (question) => question,
      now: Date.now,
      logger: silentLogger(),
    });
    (await model.next()).say(long);
    await writing;
    const events = (await collect(run.log.follow(0))).map(({ value }) => value);
    expect(events.map(({ type }) => type)).toEqual(['start', 'text-delta', 'error', 'done']);
    expect(events.at(-2)).toMatchObject({ error: { code: 'storage_failed' } });
    expect(await run.ended).toBe('failed');
    await db.destroy();
  });
});

async function* noCompletion(): AsyncGenerator<never> {}
