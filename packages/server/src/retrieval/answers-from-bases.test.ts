import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Conversation, DocumentView, Judgement, KnowledgeBase, Message, MessageList } from '@parley/contracts';
import { FakeGateway, streamReply, type GatewayReply } from '../testing/fake-gateway.ts';
import { KnowledgeClient } from '../testing/knowledge-client.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let gateway: FakeGateway;
let knowledge: KnowledgeClient;

beforeEach(async () => {
  server = new TestServer();
  gateway = new FakeGateway();
  gateway.replies = [replyOrRepeat];
  await server.start({ gateway_url: await gateway.start() });
  knowledge = new KnowledgeClient(server);
});

afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

const answering = streamReply(['It sleeps on ', 'the oven. [1]', ' Nobody knows more. [7]']);

/** Where the fake model is asked to rewrite a question it repeats it, else it answers. */
const replyOrRepeat: GatewayReply = (response, request) => {
  const messages = request['messages'] as { role: string; content: string }[];
  const isRewrite = /Rewrite the last question|改写对话中的最后一个问题/.test(messages[0]?.content ?? '');
  return (isRewrite ? streamReply([messages.at(-1)?.content ?? '']) : answering)(response, request);
};

const manual = '# Cats\n\nThe cat sleeps on the warm oven. 😺 It wakes for fish.\n\n## 猫\n\n猫在温暖的炉子上睡觉。\n';

async function ask(query: string, more: Record<string, unknown> = {}): Promise<Message> {
  const reader = await server.chat({ query, model: 'fake-model', ...more });
  const { conversation_id, message_id } = await reader.until('start');
  await reader.until('done');
  const { messages } = await server.json<MessageList>(`/api/conversations/${conversation_id}/messages`);
  return messages.find(({ id }) => id === message_id)!;
}

async function createBase(): Promise<KnowledgeBase> {
  const base = await knowledge.create('Cats');
  await knowledge.add(base.id, { 'cats.md': manual });
  return base;
}

/** Every citation of every stored answer leads to exactly what it quotes. */
async function expectCitationsHold(conversationId: string): Promise<number> {
  const { messages } = await server.json<MessageList>(`/api/conversations/${conversationId}/messages`);
  const sources = messages.flatMap((message) => message.sources);
  for (const { document_id, version_id, start, end, quote } of sources) {
    const document = await server.json<DocumentView>(`/api/documents/${document_id}?version=${version_id}`);
    expect(document.text.slice(start, end)).toBe(quote);
  }
  return sources.length;
}

it('answers from the bases that a question names, with citations that were checked', async () => {
  const base = await createBase();
  const answer = await ask('Where does the cat sleep?', { knowledge_bases: [base.id] });
  expect(answer.content).toMatch(/^It sleeps on the oven. \[1\] Nobody knows more\.\s*$/);
  const [source] = answer.sources;
  expect(source).toMatchObject({ index: 1, base_id: base.id, title: 'Cats', version_id: expect.any(String) });
  expect(source?.hash).toMatch(/^[0-9a-f]{64}$/);
  const prompt = JSON.stringify(gateway.requests.at(-1)?.body);
  expect(prompt).toContain('sleeps on the warm oven');
  expect(prompt).not.toContain('tools');
});

it('remembers the bases with the conversation, until a question names others or none', async () => {
  const base = await createBase();
  const first = await ask('Where does the cat sleep?', { knowledge_bases: [base.id] });
  const conversation_id = first.conversation_id;
  const { knowledge_bases } = await server.json<Conversation>(`/api/conversations/${conversation_id}`);
  expect(knowledge_bases).toEqual([base.id]);
  expect((await ask('And where is the oven?', { conversation_id })).sources).not.toEqual([]);
  expect((await ask('Where does the cat sleep?', { conversation_id, knowledge_bases: [] })).sources).toEqual([]);
  expect((await ask('Where does the cat sleep?', { conversation_id })).sources).toEqual([]);
});

it('always searches the files that were dropped into the conversation, and forgets them with it', async () => {
  const conversation = await server.json<Conversation>('/api/conversations', { method: 'POST', body: {} });
  const path = `/api/conversations/${conversation.id}/files-base`;
  const base = await server.json<KnowledgeBase>(path, { method: 'POST' });
  await knowledge.add(base.id, { 'cats.md': manual });
  const answer = await ask('Where does the cat sleep?', { conversation_id: conversation.id });
  expect(answer.sources[0]).toMatchObject({ base_id: base.id, title: 'Cats' });
  const { bases } = await server.json<{ bases: KnowledgeBase[] }>('/api/knowledge-bases');
  expect(bases).toEqual([]);
  await server.fetch(`/api/conversations/${conversation.id}`, { method: 'DELETE' });
  expect((await server.fetch(`/api/knowledge-bases/${base.id}`)).status).toBe(404);
});

it('keeps every citation after a restart, an edit, new cutting and a rebuilt index', async () => {
  const base = await createBase();
  const { conversation_id } = await ask('Where does the cat sleep?', { knowledge_bases: [base.id] });
  await ask('猫在哪里睡觉?', { conversation_id });
  expect(await expectCitationsHold(conversation_id)).toBeGreaterThan(1);

  const [document] = await knowledge.documents(base.id);
  const { text, version_id } = await server.json<DocumentView>(`/api/documents/${document!.id}`);
  const start = text.indexOf('sleeps on');
  const edit = { version_id, start, end: start + 'sleeps on'.length, text: 'never leaves' };
  await server.json(`/api/documents/${document!.id}/text`, { method: 'PUT', body: edit });
  await knowledge.settle(base.id);
  const settings = { split: { max_tokens: 50, overlap_tokens: 20 } };
  await server.json(`/api/knowledge-bases/${base.id}`, { method: 'PATCH', body: { settings } });
  await knowledge.settle(base.id);
  await server.json(`/api/knowledge-bases/${base.id}/rebuild`, { method: 'POST' });
  await ask('Where does the cat never leave?', { conversation_id });
  await server.restart();
  expect(await expectCitationsHold(conversation_id)).toBeGreaterThan(2);
  const { messages } = await server.json<MessageList>(`/api/conversations/${conversation_id}/messages`);
  expect(messages.at(-1)?.sources[0]?.quote).toContain('never leaves');
}, 60_000);

it('says that the documents do not answer, where they do not', async () => {
  const base = await createBase();
  gateway.replies = [streamReply(['I do not know.'])];
  const answer = await ask('Who won the football cup of 1974?', { knowledge_bases: [base.id] });
  expect(answer.sources).toEqual([]);
  const prompt = JSON.stringify(gateway.requests.at(-1)?.body);
  expect(prompt).not.toContain('warm oven');
});

it('stores how the passages were found, for the one who asked', async () => {
  const base = await createBase();
  const answer = await ask('Where does the cat sleep?', { knowledge_bases: [base.id] });
  const { trace } = await server.json<{ trace: { queries: string[]; hits: unknown[] } }>(
    `/api/messages/${answer.id}/trace`,
  );
  expect(trace.queries).toEqual(['Where does the cat sleep?']);
  expect(trace.hits[0]).toMatchObject({ index: 1, lexical: { rank: 1 }, title: 'Cats' });
  const plain = await ask('Hello', { knowledge_bases: [] });
  expect(await server.json(`/api/messages/${plain.id}/trace`)).toEqual({ trace: null });
});

it('learns from thumbs: the cited passages are judged, and judged anew when the thumb turns', async () => {
  const base = await createBase();
  const answer = await ask('Where does the cat sleep?', { knowledge_bases: [base.id] });
  const judgements = async () =>
    (await server.json<{ judgements: Judgement[] }>(`/api/knowledge-bases/${base.id}/judgements`)).judgements;
  const thumb = (score: 1 | -1 | null) =>
    server.json(`/api/messages/${answer.id}/feedback`, { method: 'PUT', body: { score } });
  await thumb(1);
  expect(await judgements()).toMatchObject([{ query: 'Where does the cat sleep?', grade: 1, origin: 'feedback' }]);
  await thumb(-1);
  expect(await judgements()).toMatchObject([{ grade: 0 }]);
  const { messages } = await server.json<MessageList>(`/api/conversations/${answer.conversation_id}/messages`);
  expect(messages.find(({ id }) => id === answer.id)?.feedback).toBe(-1);
  await thumb(null);
  expect(await judgements()).toEqual([]);
});

it('refuses a base that is not there for who asks, before anything is stored', async () => {
  const call = { method: 'POST', body: { query: 'Hi', knowledge_bases: ['nobody'] } };
  const response = await server.fetch('/api/chat', call);
  expect(response.status).toBe(404);
  expect(await server.json('/api/conversations')).toMatchObject({ conversations: [] });
});
