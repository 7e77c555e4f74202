import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FoundServers } from '@parley/contracts';
import { ModelServer } from '../testing/model-server.ts';

let server: ModelServer;
const others: Server[] = [];

beforeEach(() => {
  server = new ModelServer();
});

afterEach(async () => {
  await server.dispose();
  for (const other of others.splice(0)) {
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  }
});

/** A server of this machine that answers `/v1/models` with this text; never with null. */
async function listen(text: string | null, status = 200): Promise<number> {
  const other = createServer((request, response) => {
    if (text === null) return;
    response.writeHead(request.url === '/v1/models' ? status : 404).end(text);
  });
  others.push(other);
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  return (other.address() as AddressInfo).port;
}

const BOX = '{"object":"list","data":[{"id":"m","owned_by":"box"}]}';

async function found(ports: Record<string, number[]>): Promise<[string, string][]> {
  await server.start({ local_server_ports: { box: [], 'quiet-box': [], ...ports } });
  const { servers } = await server.admin<FoundServers>('/servers');
  return servers.map(({ provider, base_url }) => [provider, base_url]);
}

it('finds the servers that say who they are, and tells them from others', async () => {
  const [port, other] = [await listen(BOX), await listen('{"data":[{"owned_by":"somebody"}]}')];
  expect(await found({ box: [1, other, port] })).toEqual([['box', `http://127.0.0.1:${port}/v1`]]);
});

it('says of a port once what it is, by the name rather than by the path alone', async () => {
  const port = await listen(BOX);
  const plain = await listen('{}');
  expect(await found({ 'quiet-box': [port, plain], box: [port] })).toEqual([
    ['box', `http://127.0.0.1:${port}/v1`],
    ['quiet-box', `http://127.0.0.1:${plain}/v1`],
  ]);
});

it('gives up on what refuses, says nothing, or does not come to an end', async () => {
  const ports = [await listen(BOX, 401), await listen(null), await listen('x'.repeat(200_000) + BOX)];
  expect(await found({ box: ports, 'quiet-box': [1] })).toEqual([]);
});

it('never finds Parley itself', async () => {
  // The gateway keeps its port, and answers the path that is probed.
  const port = Number(new URL(await server.gateway.start()).port);
  await server.gateway.stop();
  expect(await found({ 'quiet-box': [port] })).toEqual([]);
});
