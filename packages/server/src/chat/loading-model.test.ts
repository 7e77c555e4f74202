import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChatEvent, ModelViewList } from '@parley/contracts';
import { ModelServer } from '../models/testing/model-server.ts';
import { streamReply } from '../testing/fake-gateway.ts';
import { fakeModel } from '../testing/test-server.ts';

let server: ModelServer;

const llama = { ...fakeModel, name: 'llama', label: 'Llama', engine: 'llama-cpp' };

beforeEach(async () => {
  server = new ModelServer();
  await server.start({ catalogue: [llama] });
  server.gateway.models = [];
  await server.host.run('llama');
  server.host.set('llama', { state: 'loading', loading_percent: 10, address: null });
});

afterEach(() => server.dispose());

const finishLoading = () => {
  server.host.set('llama', { state: 'running', loading_percent: null });
  server.gateway.models = ['llama'];
};
const statusesOf = (events: ChatEvent[]) =>
  events.flatMap((event) => (event.type === 'status' ? [[event.waiting_for, event.percent]] : []));

it('is shown as loading, with how much has been read', async () => {
  const { models } = await server.json<ModelViewList>('/api/models');
  expect(models).toMatchObject([{ name: 'llama', state: 'loading', loading_percent: 10 }]);
});

it('is waited for, and the reader is told how far it is', async () => {
  const reader = await server.chat({ query: 'Hi' });
  await reader.until('status');
  expect(await reader.until('status')).toMatchObject({ waiting_for: 'loading', percent: 10 });
  server.host.set('llama', { loading_percent: 60 });
  expect(await reader.until('status')).toMatchObject({ waiting_for: 'loading', percent: 60 });
  finishLoading();
  const events = await reader.rest();
  expect(events.at(-1)).toMatchObject({ type: 'done', status: 'complete' });
  expect(statusesOf(events).at(-1)).toEqual(['prompt', undefined]);
  expect(server.gateway.requests).toHaveLength(1);
});

it('is no longer waited for after Stop', async () => {
  const reader = await server.chat({ query: 'Hi' });
  const { message_id } = await reader.until('start');
  await reader.until('status');
  await reader.until('status');
  const stopped = await server.json(`/api/messages/${message_id}/stop`, { method: 'POST' });
  expect(stopped).toEqual({ status: 'stopped' });
  expect((await reader.rest()).at(-1)).toMatchObject({ type: 'done', status: 'stopped' });
  expect(server.gateway.requests).toHaveLength(0);
});

it('ends the answer with a reason when it cannot be loaded', async () => {
  const reader = await server.chat({ query: 'Hi' });
  await reader.until('status');
  await reader.until('status');
  server.host.set('llama', { state: 'failed', problem: 'The file is cut off.' });
  const { error } = await reader.until('error');
  expect(error.code).toBe('no_worker_for_model');
  expect(error.message).toContain('could not be started');
});

it('that is put away is refused at once, also while the gateway still names it', async () => {
  server.gateway.models = ['llama'];
  server.host.set('llama', { state: 'released', loading_percent: null });
  const response = await server.fetch('/api/chat', { method: 'POST', body: { query: 'Hi', model: 'llama' } });
  expect(response.status).toBe(503);
  const message = expect.stringContaining('is put away');
  expect(await response.json()).toMatchObject({ error: { code: 'no_worker_for_model', message } });
});

it('tells how much of the prompt it has read', async () => {
  finishLoading();
  server.gateway.replies = [
    (response, request) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const prompt_percent of [0, 40, 100]) {
        response.write(`data: ${JSON.stringify({ choices: [], parley: { prompt_percent } })}\n\n`);
      }
      // The same stream goes on: its headers are out.
      response.writeHead = () => response;
      return streamReply(['Hello'])(response, request);
    },
  ];
  const reader = await server.chat({ query: 'Hi' });
  const events = await reader.rest();
  expect(reader.text).toBe('Hello');
  expect(statusesOf(events)).toEqual([
    ['prompt', undefined],
    ['prompt', 0],
    ['prompt', 40],
    ['prompt', 100],
  ]);
  expect(server.gateway.requests[0]?.body).toMatchObject({ parley_report_status: true });
});
