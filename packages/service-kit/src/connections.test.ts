import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildService } from './build-service.ts';
import { silentLogger } from './testing/index.ts';

let app: FastifyInstance;
let port: number;

beforeEach(async () => {
  app = buildService({ name: 'test', logger: silentLogger(), bodyLimit: 1000 });
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterEach(() => app.close());

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  const accepted = once(app.server, 'connection');
  await Promise.all([once(socket, 'connect'), accepted]);
  return socket;
}

/** Everything that is answered to these bytes. */
async function answerTo(bytes: string): Promise<{ head: string; body: unknown }> {
  const socket = await open();
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, body: JSON.parse(body) };
}

it('closes without waiting for a connection on which nothing was asked', async () => {
  const socket = await open();
  const left = once(socket, 'close');
  socket.resume();
  await app.close();
  await left;
  expect(socket.destroyed).toBe(true);
});

it.each([
  ['no HTTP at all', 'GARBAGE\r\n\r\n', 'could not be read as HTTP'],
  ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`, 'longer than'],
  ['an address that is none', 'GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', '/%zz'],
])('answers %s with an error of the table', async (_what, bytes, words) => {
  const { head, body } = await answerTo(bytes);
  expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  const error = { code: 'invalid_request', type: 'invalid_request_error', message: expect.stringContaining(words) };
  expect(body).toMatchObject({ error });
});

it('gives a request five minutes to arrive', () => {
  expect(app.server.requestTimeout).toBe(300_000);
});
