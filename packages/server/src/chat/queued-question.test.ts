import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CatalogueModel, ChatEvent } from '@parley/contracts';
import { FakeGateway, streamReply, type GatewayReply } from '../testing/fake-gateway.ts';
import { fakeModel, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let gateway: FakeGateway;

const online: CatalogueModel = { ...fakeModel, name: 'online', kind: 'online', engine: 'openai-compatible' };

beforeEach(async () => {
  gateway = new FakeGateway();
  gateway.models = ['fake-model', 'online', 'of-a-stranger'];
  server = new TestServer();
  await server.start({ gateway_url: await gateway.start(), catalogue: [fakeModel, online] });
});

afterEach(async () => {
  await server.dispose();
  await gateway.stop();
});

/** Places in the queue, as the gateway tells them, and then what follows in the same stream. */
const queued =
  (positions: number[], answer: GatewayReply): GatewayReply =>
  (response, request) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const queue_position of positions) {
      response.write(`data: ${JSON.stringify({ choices: [], parley: { queue_position } })}\n\n`);
    }
    // The same stream goes on: its headers are out.
    response.writeHead = () => response;
    return answer(response, request);
  };
const failing: GatewayReply = (response) => {
  const error = { message: 'Nobody is left.', type: 'server_error', code: 'no_worker_for_model' };
  response.end(`data: ${JSON.stringify({ error })}\n\n`);
};
const statusesOf = (events: ChatEvent[]) =>
  events.flatMap((event) => (event.type === 'status' ? [[event.waiting_for, event.position]] : []));

it.each(['fake-model', 'online'])(
  'is told each of its places at the model %s, and that its turn has come',
  async (model) => {
    gateway.replies = [queued([3, 2, 1, 0], streamReply(['Hello']))];
    const reader = await server.chat({ query: 'Hi', model });
    const events = await reader.rest();
    expect(statusesOf(events)).toEqual([
      ['prompt', undefined],
      ['queue', 3],
      ['queue', 2],
      ['queue', 1],
      ['prompt', undefined],
    ]);
    expect(reader.text).toBe('Hello');
    expect(events.at(-1)).toMatchObject({ type: 'done', status: 'complete' });
    expect(gateway.requests[0]?.body).toMatchObject({ parley_report_status: true });
  },
);

it('is asked again when the error that ended its wait is one that passes', async () => {
  gateway.replies = [queued([1], failing), queued([2, 0], streamReply(['Here.']))];
  const reader = await server.chat({ query: 'Hi', model: 'fake-model' });
  const events = await reader.rest();
  expect(statusesOf(events).slice(1)).toEqual([
    ['queue', 1],
    ['queue', undefined],
    ['queue', 2],
    ['prompt', undefined],
  ]);
  expect(reader.text).toBe('Here.');
});

it('asks no stranger for its place: a worker that only the gateway knows may refuse the field', async () => {
  const reader = await server.chat({ query: 'Hi', model: 'of-a-stranger' });
  await reader.rest();
  expect(reader.text).toBe('Hello there.');
  expect(gateway.requests[0]?.body).not.toHaveProperty('parley_report_status');
});
