import { expect, it } from 'vitest';
import { ParleyError, type ChatEvent } from '@parley/contracts';
import { answerEvents, FakeChatPorts } from '../testing/fake-chat-ports.ts';
import { eventually } from '../testing/eventually.ts';
import { makeMessage } from '../testing/make-message.ts';
import { useChatStream } from './use-chat-stream.ts';

const question = { text: 'Hello?', model: 'guide', conversationId: null, parentId: null, bases: null };
const broken = () => new TypeError('network error');

function start(ports: FakeChatPorts) {
  const events: ChatEvent[] = [];
  return { chat: useChatStream((event) => events.push(event), ports), events };
}

it('puts the pieces of an answer together under the ids that the server gives', async () => {
  const ports = new FakeChatPorts([{ events: answerEvents('a1', 'Hel', 'lo.') }]);
  const { chat, events } = start(ports);

  await chat.send(question);

  expect(chat.path.value).toMatchObject([
    { id: 'q1', role: 'user', content: 'Hello?' },
    { id: 'a1', parent_id: 'q1', role: 'assistant', content: 'Hello.', status: 'complete' },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['start', 'text-delta', 'text-delta', 'done']);
  expect(chat.status.value).toBe('ready');
});

it('names the knowledge bases of a question only where they are others than remembered', async () => {
  const ports = new FakeChatPorts([{ events: answerEvents('a1', 'One.') }, { events: answerEvents('a2', 'Two.') }]);
  const { chat } = start(ports);
  await chat.send({ ...question, bases: ['b1', 'b2'] });
  await chat.send({ ...question, conversationId: 'c1', bases: null });
  expect(ports.asked[0]).toMatchObject({ knowledge_bases: ['b1', 'b2'] });
  expect(ports.asked[1]).not.toHaveProperty('knowledge_bases');
});

it('keeps the key of a message when its id changes, so that nothing on screen is made anew', async () => {
  const { chat } = start(new FakeChatPorts([{ events: answerEvents('a1', 'Hi') }]));
  const sending = chat.send(question);
  const keys = chat.path.value.map(({ key }) => key);
  await sending;
  expect(chat.path.value.map(({ key }) => key)).toEqual(keys);
});

it('resumes after the last event when the connection breaks, with nothing missing and nothing twice', async () => {
  const events = answerEvents('a1', 'one ', 'two ', 'three');
  const ports = new FakeChatPorts([
    { events: events.slice(0, 2), failure: broken() },
    { events: events.slice(2, 3), failure: broken() },
    { events: events.slice(3) },
  ]);
  const { chat } = start(ports);

  await chat.send(question);

  expect(chat.tail.value).toMatchObject({ content: 'one two three', status: 'complete' });
  expect(ports.followed).toEqual([
    { messageId: 'a1', lastEventId: '2' },
    { messageId: 'a1', lastEventId: '3' },
  ]);
});

it('resumes also when the stream ends cleanly before the answer did', async () => {
  const events = answerEvents('a1', 'one ', 'two');
  const { chat } = start(new FakeChatPorts([{ events: events.slice(0, 2) }, { events: events.slice(2) }]));
  await chat.send(question);
  expect(chat.tail.value?.content).toBe('one two');
});

it('waits longer with each attempt that brings nothing, and never more than eight seconds', async () => {
  const events = answerEvents('a1', 'x');
  const dead = Array.from({ length: 6 }, () => ({ events: [], failure: broken() }));
  const ports = new FakeChatPorts([{ events: events.slice(0, 1) }, ...dead, { events: events.slice(1) }]);
  await start(ports).chat.send(question);
  expect(ports.waits).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

it('replaces the text by a snapshot when the log it resumes from is gone', async () => {
  const events = answerEvents('a1', 'half');
  const snapshot: ChatEvent = { type: 'snapshot', message_id: 'a1', content: 'The whole.' };
  const rest = [{ id: '9', event: snapshot }, ...events.slice(-1)];
  const { chat } = start(new FakeChatPorts([{ events: events.slice(0, 2), failure: broken() }, { events: rest }]));
  await chat.send(question);
  expect(chat.tail.value?.content).toBe('The whole.');
});

it('follows a stored answer that is still being written from its beginning, without doubling its text', async () => {
  const ports = new FakeChatPorts([{ events: answerEvents('a1', 'stored', ' and', ' new') }]);
  const { chat } = start(ports);
  const stored = makeMessage({ id: 'a1', parent_id: 'q1', status: 'streaming', content: 'stored' });

  chat.open([makeMessage({ id: 'q1', role: 'user', content: 'Hello?' }), stored]);
  await eventually(() => expect(chat.status.value).toBe('ready'));

  expect(ports.followed).toEqual([{ messageId: 'a1', lastEventId: null }]);
  expect(chat.tail.value?.content).toBe('stored and new');
});

it('shows what the server answers instead of a stream, and sends the question anew on retry', async () => {
  const refusal = new ParleyError('no_worker_for_model', 'No worker serves guide.');
  const ports = new FakeChatPorts([{ events: [], failure: refusal }, { events: answerEvents('a1', 'Here.') }]);
  const { chat } = start(ports);

  await chat.send(question);
  expect(chat.tail.value).toMatchObject({ status: 'failed', error: { code: 'no_worker_for_model', retryable: true } });

  await chat.regenerate(chat.tail.value!, { model: 'guide', bases: null });
  expect(ports.asked).toHaveLength(2);
  expect(chat.path.value.map(({ content }) => content)).toEqual(['Hello?', 'Here.']);
});

it('says that the server is unreachable when the connection breaks before the answer has an id', async () => {
  const { chat } = start(new FakeChatPorts([{ events: [], failure: broken() }]));
  await chat.send(question);
  expect(chat.tail.value?.error?.code).toBe('server_unreachable');
  expect(chat.status.value).toBe('error');
});

it('stops by id, and remembers a stop that comes before there is one', async () => {
  const ports = new FakeChatPorts([{ events: answerEvents('a1', 'x') }]);
  const { chat } = start(ports);
  const sending = chat.send(question);
  await chat.stop();
  expect(ports.stopped).toEqual([]);
  await sending;
  expect(ports.stopped).toEqual(['a1']);
});

it('asks for another answer beside a stored one, and shows it', async () => {
  const ports = new FakeChatPorts([{ events: answerEvents('a2', 'Second.') }]);
  const { chat } = start(ports);
  chat.open([
    makeMessage({ id: 'q1', role: 'user' }),
    makeMessage({ id: 'a1', parent_id: 'q1', content: 'First.', status: 'failed' }),
  ]);

  await chat.regenerate(chat.tail.value!, { model: null, bases: null });

  expect(ports.regenerated).toEqual([{ messageId: 'a1', model: null }]);
  expect(chat.path.value.map(({ content }) => content)).toEqual(['', 'Second.']);
  expect(chat.siblings(chat.tail.value!).map(({ id }) => id)).toEqual(['a1', 'a2']);
});

it('keeps the text of an answer that fails half way', async () => {
  const error = { code: 'worker_unreachable', message: 'gone', retryable: true } as const;
  const events = answerEvents('a1', 'Half of');
  const failure: ChatEvent[] = [
    { type: 'error', message_id: 'a1', error },
    {
      type: 'done',
      message_id: 'a1',
      status: 'failed',
      finish_reason: null,
      usage: null,
      timings: { first_token_ms: 1, total_ms: 2 },
    },
  ];
  const numbered = failure.map((event, index) => ({ id: String(index + 3), event }));
  const { chat } = start(new FakeChatPorts([{ events: [...events.slice(0, 2), ...numbered] }]));
  await chat.send(question);
  expect(chat.tail.value).toMatchObject({ content: 'Half of', status: 'failed', error });
});

it('lets go of an answer when another conversation is opened', async () => {
  const { chat } = start(new FakeChatPorts([{ events: answerEvents('a1', 'late') }]));
  const sending = chat.send(question);
  chat.open([]);
  await sending;
  expect(chat.path.value).toEqual([]);
});
