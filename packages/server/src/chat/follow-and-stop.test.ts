import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageList } from '@parley/contracts';
import { makeSource } from '../testing/make-source.ts';
import { ScriptedAnswerModel, type DictatedAnswer } from '../testing/scripted-answer-model.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let model: ScriptedAnswerModel;

beforeEach(async () => {
  server = new TestServer();
  model = new ScriptedAnswerModel();
  await server.start({}, { answerModel: model });
});

afterEach(() => server.dispose());

async function begin(text: string) {
  const reader = await server.chat({ query: 'Hi' });
  const { conversation_id, message_id } = await reader.until('start');
  const answer: DictatedAnswer = await model.next();
  answer.say(text);
  await reader.until('text-delta');
  return {
    reader,
    answer,
    conversation_id,
    events: `/api/messages/${message_id}/events`,
    stop: `/api/messages/${message_id}/stop`,
  };
}

async function answerOf(conversationId: string) {
  const { messages } = await server.json<MessageList>(`/api/conversations/${conversationId}/messages`);
  return messages[1];
}

describe('following', () => {
  it('goes on without its reader, and gives the next one what it missed', async () => {
    const { reader, answer, events } = await begin('One');
    reader.leave();
    answer.say(' two');
    const second = await server.stream(events, { headers: { 'last-event-id': '2' } });
    await second.until('text-delta');
    answer.say(' three');
    answer.finish();
    await second.rest();
    expect(second.text).toBe(' two three');
    expect(second.seen[0]?.id).toBe(3);
  });

  it('gives a reader without a place everything from the start', async () => {
    const { answer, events } = await begin('One');
    answer.finish();
    const second = await server.stream(events);
    expect((await second.rest()).map(({ type }) => type)).toEqual(['start', 'text-delta', 'title', 'done']);
  });

  it('waits for what comes when the place lies beyond the log', async () => {
    const { answer, events } = await begin('One');
    const second = await server.stream(`${events}?after=99`);
    answer.say(' two');
    answer.finish();
    await second.rest();
    expect(second.text).toBe(' two');
  });

  it('gives the whole text, sources and end of an answer whose log is gone', async () => {
    const { reader, answer, events } = await begin('One');
    const source = makeSource({ end: 1, quote: 'q' });
    answer.send({ type: 'sources', sources: [source] });
    answer.send({ type: 'reasoning-delta', reasoning: 'Because' });
    answer.finish();
    await reader.rest();
    await server.restart();
    const fresh = await (await server.stream(events)).rest();
    expect(fresh.map(({ type }) => type)).toEqual(['reasoning-delta', 'text-delta', 'sources', 'done']);
    expect(fresh.at(-1)).toMatchObject({ status: 'complete', finish_reason: 'stop', usage: { total_tokens: 5 } });
    const resumed = await (await server.stream(events, { headers: { 'last-event-id': '2' } })).rest();
    expect(resumed[0]).toMatchObject({ type: 'snapshot', content: 'One' });
  });

  it('sends each piece once: the bytes of an answer grow with its length, not with its square', async () => {
    const { reader, answer } = await begin('x');
    for (let piece = 0; piece < 500; piece += 1) answer.say('0123456789');
    answer.finish();
    const events = await reader.rest();
    expect(JSON.stringify(events).length).toBeLessThan(500 * 150);
    expect(reader.text).toHaveLength(5_001);
  });
});

describe('stopping', () => {
  it('ends the answer at once, even if the chain does not listen, and keeps the text', async () => {
    const { reader, answer, conversation_id, stop } = await begin('Half');
    expect(await server.json(stop, { method: 'POST' })).toEqual({ status: 'stopped' });
    expect(await answerOf(conversation_id)).toMatchObject({ status: 'stopped', content: 'Half', error: null });
    expect(answer.signal.aborted).toBe(true);
    expect((await reader.rest()).at(-1)).toMatchObject({ type: 'done', status: 'stopped' });
  });

  it('is harmless after the end, and after a restart', async () => {
    const { reader, answer, stop } = await begin('All');
    answer.finish();
    await reader.rest();
    expect(await server.json(stop, { method: 'POST' })).toEqual({ status: 'complete' });
    await server.restart();
    expect(await server.json(stop, { method: 'POST' })).toEqual({ status: 'complete' });
  });

  it('comes with the deletion of the conversation', async () => {
    const { reader, answer, conversation_id } = await begin('Half');
    const path = `/api/conversations/${conversation_id}`;
    expect((await server.fetch(path, { method: 'DELETE' })).status).toBe(204);
    expect(answer.signal.aborted).toBe(true);
    expect((await reader.rest()).at(-1)).toMatchObject({ status: 'stopped' });
    expect((await server.fetch(path)).status).toBe(404);
  });
});

describe('the end of the server', () => {
  it('lets an answer finish within the grace', async () => {
    await server.close();
    await server.start({ stop_grace_ms: 60_000 }, { answerModel: model });
    const { reader, answer, conversation_id } = await begin('One');
    const closing = server.close();
    answer.say(' two');
    answer.finish();
    expect((await reader.rest()).at(-1)).toMatchObject({ status: 'complete' });
    await closing;
    await server.start();
    expect(await answerOf(conversation_id)).toMatchObject({ status: 'complete', content: 'One two' });
  });

  it('interrupts what is still written after the grace, and keeps its text', async () => {
    const { reader, conversation_id } = await begin('One');
    await server.close();
    expect((await reader.rest()).at(-1)).toMatchObject({ status: 'interrupted' });
    await server.start();
    expect(await answerOf(conversation_id)).toMatchObject({ status: 'interrupted', content: 'One' });
  });
});
