import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEventStream } from '@parley/service-kit';
import { FakeGateway, streamReply } from '../testing/fake-gateway.ts';
import { TestServer } from '../testing/test-server.ts';

interface SeedMessage {
  id: string;
  conversation_id: string;
  chat_type: string;
  query: string;
  response: string;
  create_time: string;
}

/** The seeds' front end: it parses every `data`, knows nothing of event names, and joins by `message_id`. */
async function seedChat(server: TestServer, messages: SeedMessage[], query: string): Promise<void> {
  if (!query.trim()) return;
  messages.push({ id: '', conversation_id: '', chat_type: '', query, response: '', create_time: '' });
  const body = { query, conversation_id: '', conversation_name: '', history: [] };
  const response = await server.fetch('/api/chat', { method: 'POST', body });
  for await (const message of readEventStream(response.body as AsyncIterable<Uint8Array>)) {
    const data = JSON.parse(message.data) as { message_id?: string; text?: string };
    for (const shown of messages) {
      if (data && (shown.id === data.message_id || shown.id === '') && data.text) {
        shown.response += data.text;
        shown.id = data.message_id ?? '';
      }
    }
  }
}

const gateway = new FakeGateway();
const server = new TestServer();

beforeEach(async () => server.start({ gateway_url: await gateway.start() }));
afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

it("serves a client of the seeds' shape: each answer in its own message, whole and once", async () => {
  const messages: SeedMessage[] = [];
  gateway.replies = [streamReply(['Hello', ' there', '.']), streamReply(['你', '好', '。'])];
  await seedChat(server, messages, 'Hi');
  await seedChat(server, messages, '   ');
  await seedChat(server, messages, '你好');
  expect(messages.map(({ response }) => response)).toEqual(['Hello there.', '你好。']);
  expect(new Set(messages.map(({ id }) => id)).size).toBe(2);
});

it("makes a conversation under the seeds' name for it", async () => {
  const created = await server.fetch('/api/conversations', { method: 'POST', body: { name: 'Notes' } });
  expect(created.status).toBe(201);
  expect(await created.json()).toMatchObject({ title: 'Notes', is_running: false });
});
