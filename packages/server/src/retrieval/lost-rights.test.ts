import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KnowledgeBase, Message, MessageList, RetrievalTrace } from '@parley/contracts';
import { addUser } from '../doors/testing/add-user.ts';
import { FakeGateway, streamReply } from '../testing/fake-gateway.ts';
import { KnowledgeClient } from '../testing/knowledge-client.ts';
import { TestServer } from '../testing/test-server.ts';

const TEXT = 'The cat sleeps on the warm oven.';
let server: TestServer;
let gateway: FakeGateway;
let base: KnowledgeBase;
/** Who reads a base of somebody else. */
let bob: string;

beforeEach(async () => {
  server = new TestServer();
  gateway = new FakeGateway();
  gateway.replies = [streamReply(['On the oven. [1]'])];
  await server.start({ gateway_url: await gateway.start() });
  const knowledge = new KnowledgeClient(server);
  base = await knowledge.create('Cats');
  await knowledge.add(base.id, { 'cats.md': TEXT });
  bob = await addUser(server.home, 'bob');
  await share('bob');
});

afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

async function share(...names: string[]): Promise<void> {
  const body = { visibility: 'private', users: names.map((name) => ({ name, role: 'reader' })) };
  await server.json(`/api/knowledge-bases/${base.id}/sharing`, { method: 'PUT', body });
}

async function ask(query: string, more: object = {}): Promise<Message> {
  const reader = await server.chat({ query, model: 'fake-model', ...more }, { token: bob });
  const { conversation_id, message_id } = await reader.until('start');
  await reader.until('done');
  const path = `/api/conversations/${conversation_id}/messages`;
  const { messages } = await server.json<MessageList>(path, { token: bob });
  return messages.find(({ id }) => id === message_id)!;
}

const traceOf = async ({ id }: Message) =>
  (await server.json<{ trace: RetrievalTrace | null }>(`/api/messages/${id}/trace`, { token: bob })).trace;

it('keeps the quote of an answer, and shows nothing else of a base that its reader lost', async () => {
  const answer = await ask('Where does the cat sleep?', { knowledge_bases: [base.id] });
  const [source] = answer.sources;
  const path = `/api/documents/${source!.document_id}?version=${source!.version_id}`;
  expect((await server.fetch(path, { token: bob })).status).toBe(200);
  expect((await traceOf(answer))?.hits).toHaveLength(1);
  await share();
  expect((await server.fetch(path, { token: bob })).status).toBe(404);
  expect((await server.fetch(`/api/documents/${source!.document_id}/file`, { token: bob })).status).toBe(404);
  expect(await traceOf(answer)).toMatchObject({ question: 'Where does the cat sleep?', hits: [] });
  const list = `/api/conversations/${answer.conversation_id}/messages`;
  const { messages } = await server.json<MessageList>(list, { token: bob });
  expect(messages.at(-1)?.sources[0]?.quote).toBe(TEXT);
});

it('takes nothing from a base that is lost before the answer comes to search it', async () => {
  const { conversation_id } = await ask('Hello there', { knowledge_bases: [] });
  const [asking, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // The question is condensed first, by the model: meanwhile the base is taken away.
  gateway.replies = [
    async (response, request) => {
      asking.resolve();
      await going.promise;
      await streamReply(['Where does the cat sleep?'])(response, request);
    },
    streamReply(['I do not know.']),
  ];
  const asked = ask('Where does the cat sleep?', { conversation_id, knowledge_bases: [base.id] });
  await asking.promise;
  await share();
  going.resolve();
  const answer = await asked;
  expect(answer.sources).toEqual([]);
  expect(JSON.stringify(gateway.requests.at(-1)?.body)).not.toContain('warm oven');
});

it('writes an answer anew without a base that was taken away', async () => {
  const answer = await ask('Where does the cat sleep?', { knowledge_bases: [base.id] });
  await share();
  const call = { method: 'POST', body: {}, token: bob };
  const reader = await server.stream(`/api/messages/${answer.id}/regenerate`, call);
  const { message_id } = await reader.until('start');
  await reader.until('done');
  const { messages } = await server.json<MessageList>(`/api/conversations/${answer.conversation_id}/messages`, {
    token: bob,
  });
  expect(messages.find(({ id }) => id === message_id)?.sources).toEqual([]);
});
