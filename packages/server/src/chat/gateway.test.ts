import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import {
  cutReply,
  errorReply,
  failingReply,
  FakeGateway,
  stallingReply,
  streamReply,
} from '../testing/fake-gateway.ts';
import { TEST_SECRET, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let gateway: FakeGateway;

beforeEach(async () => {
  gateway = new FakeGateway();
  server = new TestServer();
  await server.start({ gateway_url: await gateway.start() });
});

afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

describe('an answer through the gateway', () => {
  it('goes out with the secret, the request id and the user, and comes back as text and usage', async () => {
    const reader = await server.chat({ query: 'Hi' }, { headers: { 'x-request-id': 'r-1' } });
    const events = await reader.rest();
    expect(reader.text).toBe('Hello there.');
    expect(events.at(-1)).toMatchObject({ status: 'complete', finish_reason: 'stop', usage: { total_tokens: 10 } });
    const [request] = gateway.requests;
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${TEST_SECRET}`, 'x-request-id': 'r-1' });
    expect(request?.headers['x-parley-user']).toMatch(/^[\da-f-]{36}$/);
    expect(request?.body).toMatchObject({ model: 'fake-model', stream: true, stream_options: { include_usage: true } });
  });

  it('carries the conversation as memory', async () => {
    const { conversation_id } = await (await server.chat({ query: 'One?' })).until('start');
    await waitUntil(() => gateway.requests.length === 1, 'the first request');
    await waitUntil(async () => !(await isRunning(conversation_id)), 'the first answer');
    await (await server.chat({ query: 'Two?', conversation_id })).rest();
    const messages = gateway.requests[1]?.body['messages'] as { role: string; content: string }[];
    expect(messages.slice(-3).map(({ content }) => content)).toEqual(['One?', 'Hello there.', 'Two?']);
  });

  it.each([
    ['a cut connection', cutReply(['Half ']), 'stream_interrupted'],
    ['an error inside the stream', failingReply(['Half '], 'worker_timeout', 'Too slow.'), 'worker_timeout'],
  ])('is failed by %s, its text kept', async (_, reply, code) => {
    gateway.replies = [reply];
    const reader = await server.chat({ query: 'Hi' });
    const events = await reader.rest();
    expect(reader.text).toBe('Half ');
    expect(events.find(({ type }) => type === 'error')).toMatchObject({ error: { code } });
    expect(events.at(-1)).toMatchObject({ status: 'failed' });
    expect(gateway.requests).toHaveLength(1);
  });

  it('tells a refusal in the words of the gateway', async () => {
    gateway.replies = [errorReply(429, 'queue_full', 'The queue is full.')];
    const events = await (await server.chat({ query: 'Hi' })).rest();
    expect(events.find(({ type }) => type === 'error')).toMatchObject({
      error: { code: 'queue_full', message: 'The queue is full.', retryable: true },
    });
  });

  it('is taken from the gateway at once when it is stopped', async () => {
    const gone = Promise.withResolvers<void>();
    gateway.replies = [stallingReply(['Half'], gone.resolve)];
    const reader = await server.chat({ query: 'Hi' });
    const { message_id } = await reader.until('text-delta');
    await server.json(`/api/messages/${message_id}/stop`, { method: 'POST' });
    await gone.promise;
    expect((await reader.rest()).at(-1)).toMatchObject({ status: 'stopped' });
  });
});

describe('a gateway that is away for a moment', () => {
  it('is waited for, quietly', async () => {
    await gateway.stop();
    const reader = await server.chat({ query: 'Hi', model: 'fake-model' });
    expect(await reader.until('status')).toMatchObject({ waiting_for: 'prompt' });
    expect(await reader.until('status')).toMatchObject({ waiting_for: 'queue' });
    await gateway.start();
    expect((await reader.rest()).at(-1)).toMatchObject({ status: 'complete' });
    expect(reader.text).toBe('Hello there.');
  });

  it('is asked again after no_worker_for_model', async () => {
    gateway.replies = [errorReply(503, 'no_worker_for_model', 'Nobody.'), streamReply(['Here.'])];
    const reader = await server.chat({ query: 'Hi' });
    await reader.rest();
    expect(reader.text).toBe('Here.');
  });

  it('is waited for no longer than until Stop', async () => {
    await gateway.stop();
    const reader = await server.chat({ query: 'Hi', model: 'fake-model' });
    await reader.until('status');
    const { message_id } = await reader.until('status');
    expect(await server.json(`/api/messages/${message_id}/stop`, { method: 'POST' })).toEqual({ status: 'stopped' });
  });
});

async function isRunning(id: string): Promise<boolean> {
  const { is_running } = await server.json<{ is_running: boolean }>(`/api/conversations/${id}`);
  return is_running;
}
