import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParleyError, type ChatEvent, type Conversation, type MessageList } from '@parley/contracts';
import { ScriptedAnswerModel } from '../testing/scripted-answer-model.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let model: ScriptedAnswerModel;

beforeEach(async () => {
  server = new TestServer();
  model = new ScriptedAnswerModel();
  await server.start({}, { answerModel: model });
});

afterEach(() => server.dispose());

const messagesOf = (conversationId: string) =>
  server.json<MessageList>(`/api/conversations/${conversationId}/messages`);

/** A finished exchange; answers its `start` event. */
async function exchange(query: string, answer: string, more: Record<string, unknown> = {}) {
  const reader = await server.chat({ query, ...more });
  const start = await reader.until('start');
  const dictated = await model.next();
  dictated.say(answer);
  dictated.finish();
  await reader.rest();
  return start;
}

describe('asking', () => {
  it('stores the question and an empty answer before the model says anything', async () => {
    const reader = await server.chat({ query: 'What is Parley?' });
    const start = await reader.until('start');
    const { messages } = await messagesOf(start.conversation_id);
    expect(messages).toMatchObject([
      { id: start.user_message_id, role: 'user', content: 'What is Parley?', status: 'complete', parent_id: null },
      { id: start.message_id, role: 'assistant', content: '', status: 'streaming', parent_id: start.user_message_id },
    ]);
  });

  it('streams text as it comes, and ends with what it cost', async () => {
    const reader = await server.chat({ query: 'Hi' });
    const answer = await model.next();
    answer.send({ type: 'status', waiting_for: 'prompt' });
    answer.say('Hel');
    answer.say('lo');
    answer.finish();
    const events = await reader.rest();
    expect(events.map(({ type }) => type)).toEqual(['start', 'status', 'text-delta', 'text-delta', 'title', 'done']);
    expect(events.at(-1)).toMatchObject({ status: 'complete', finish_reason: 'stop', usage: { total_tokens: 5 } });
    expect(reader.seen.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('remembers the turns before, and those alone that lead to the question', async () => {
    const first = await exchange('One?', 'One.');
    await exchange('Two?', 'Two.', { conversation_id: first.conversation_id });
    await exchange('Other?', 'Other.', { conversation_id: first.conversation_id, parent_id: first.message_id });
    expect(model.answers.map(({ task }) => task.turns)).toEqual([
      [],
      [{ question: 'One?', answer: 'One.' }],
      [{ question: 'One?', answer: 'One.' }],
    ]);
  });

  it('takes the history that a client brings along into a new conversation', async () => {
    const history = [
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Hello Ada.' },
    ];
    const start = await exchange('Who am I?', 'Ada.', { history });
    await exchange('Again?', 'Ada.', { conversation_id: start.conversation_id });
    expect(model.answers[1]?.task.turns).toEqual([
      { question: 'My name is Ada.', answer: 'Hello Ada.' },
      { question: 'Who am I?', answer: 'Ada.' },
    ]);
  });

  it('moves the conversation to the top and names it after its first exchange', async () => {
    const first = await exchange('How do I connect Ollama?', 'So.');
    await exchange('Second conversation', 'Yes.');
    await exchange('And then?', 'Then so.', { conversation_id: first.conversation_id });
    const { conversations } = await server.json<{ conversations: Conversation[] }>('/api/conversations');
    expect(conversations.map(({ title }) => title)).toEqual(['How do I connect Ollama', 'Second conversation']);
  });

  it('keeps a name that was given while the first answer was written', async () => {
    const reader = await server.chat({ query: 'Hi' });
    const { conversation_id: id } = await reader.until('start');
    await server.json(`/api/conversations/${id}`, { method: 'PATCH', body: { title: 'My name' } });
    (await model.next()).finish();
    const events = await reader.rest();
    expect(events.some(({ type }) => type === 'title')).toBe(false);
    expect(await server.json(`/api/conversations/${id}`)).toMatchObject({ title: 'My name', is_running: false });
  });

  it('refuses a question that follows an answer which is still written', async () => {
    const reader = await server.chat({ query: 'Hi' });
    const { conversation_id } = await reader.until('start');
    const response = await server.fetch('/api/chat', { method: 'POST', body: { query: 'And?', conversation_id } });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ error: { code: 'answer_running' } });
  });

  it('answers two branches of one conversation at once', async () => {
    const { conversation_id, message_id } = await exchange('One?', 'One.');
    const left = await server.chat({ query: 'Left?', conversation_id, parent_id: message_id });
    const right = await server.chat({ query: 'Right?', conversation_id, parent_id: message_id });
    const answers = [await model.next(), await model.next()];
    for (const answer of answers) {
      answer.say(`to ${answer.task.question}`);
      answer.finish();
    }
    await Promise.all([left.rest(), right.rest()]);
    expect([left.text, right.text]).toEqual(['to Left?', 'to Right?']);
  });

  it.each([
    ['a blank question', { query: '  \n' }, 400, 'query'],
    ['a history of strangers', { query: 'Hi', history: [{ role: 'system', content: '' }] }, 400, 'history.0.role'],
    ['an unknown conversation', { query: 'Hi', conversation_id: 'none' }, 404, null],
    ['an unknown model', { query: 'Hi', model: 'none' }, 404, 'model'],
  ])('refuses %s', async (_, body, status, param) => {
    const response = await server.fetch('/api/chat', { method: 'POST', body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it('refuses a message of 5 MB with 413', async () => {
    const body = { query: 'x'.repeat(5_000_000) };
    expect((await server.fetch('/api/chat', { method: 'POST', body })).status).toBe(413);
  });
});

describe('a parent', () => {
  it('must stand in the conversation, and be an answer', async () => {
    const here = await exchange('Here?', 'Here.');
    const there = await exchange('There?', 'There.');
    const ask = (parent_id: string) =>
      server.fetch('/api/chat', {
        method: 'POST',
        body: { query: 'Hi', conversation_id: here.conversation_id, parent_id },
      });
    expect((await ask(there.message_id)).status).toBe(404);
    expect((await ask(here.user_message_id)).status).toBe(400);
  });

  it('may be the root', async () => {
    const { conversation_id } = await exchange('One?', 'One.');
    await exchange('Instead?', 'Yes.', { conversation_id, parent_id: null });
    const { messages } = await messagesOf(conversation_id);
    expect(messages.filter(({ parent_id }) => parent_id === null)).toHaveLength(2);
    expect(model.answers[1]?.task.turns).toEqual([]);
  });
});

describe('regenerating', () => {
  it('writes a second answer beside the first, without knowing it', async () => {
    const { conversation_id, message_id, user_message_id } = await exchange('One?', 'One.');
    const reader = await server.stream(`/api/messages/${message_id}/regenerate`, { method: 'POST' });
    const start = await reader.until('start');
    const answer = await model.next();
    expect(answer.task).toMatchObject({ question: 'One?', turns: [] });
    answer.say('Uno.');
    answer.finish();
    await reader.rest();
    expect(start.user_message_id).toBe(user_message_id);
    const { messages } = await messagesOf(conversation_id);
    const siblings = messages.filter(({ parent_id }) => parent_id === user_message_id);
    expect(siblings.map(({ content }) => content)).toEqual(['One.', 'Uno.']);
  });

  it('is refused while the same question is being answered', async () => {
    const reader = await server.chat({ query: 'Hi' });
    const { message_id } = await reader.until('start');
    const response = await server.fetch(`/api/messages/${message_id}/regenerate`, { method: 'POST' });
    expect(response.status).toBe(409);
  });
});

describe('a failure', () => {
  it('is an event after the text, which is kept', async () => {
    const reader = await server.chat({ query: 'Hi' });
    const { conversation_id } = await reader.until('start');
    const answer = await model.next();
    answer.say('Half an');
    answer.fail(new ParleyError('provider_failed', 'The provider failed.'));
    const events = await reader.rest();
    const error = { code: 'provider_failed', message: 'The provider failed.', retryable: true };
    expect(events.slice(-3).map((event: ChatEvent) => event.type)).toEqual(['error', 'title', 'done']);
    expect(events.at(-1)).toMatchObject({ status: 'failed' });
    const { messages } = await messagesOf(conversation_id);
    expect(messages[1]).toMatchObject({ status: 'failed', content: 'Half an', error });
  });

  it('hides the words of an error that is not ours', async () => {
    const reader = await server.chat({ query: 'Hi' });
    (await model.next()).fail(new Error('secret path'));
    const events = await reader.rest();
    expect(JSON.stringify(events)).not.toContain('secret path');
    expect(events.find(({ type }) => type === 'error')).toMatchObject({ error: { code: 'internal_error' } });
  });
});
