import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callHttp, createAgent, readJson, type HttpAgent } from './http-client.ts';
import { freePort } from './testing/index.ts';

let server: Server;
let url: string;
let agent: HttpAgent;
let connections = 0;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  connections = 0;
  answer = (response) => response.end('{"ok":true}');
  server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  server.on('connection', () => (connections += 1));
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  agent = createAgent();
});
afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

describe('a call', () => {
  it('keeps its connection for the next one', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(await readJson(await callHttp({ url, body: { round }, agent }, 'provider_failed'))).toEqual({ ok: true });
    }
    expect(connections).toBe(1);
  });

  it('is sent again when the kept connection had been closed by the other side', async () => {
    await readJson(await callHttp({ url, agent }, 'provider_failed'));
    server.closeIdleConnections();
    expect(await readJson(await callHttp({ url, agent }, 'provider_failed'))).toEqual({ ok: true });
  });

  it('reads no more of a body than it may, and ends its connection', async () => {
    const left = Promise.withResolvers<void>();
    answer = (response) => {
      response.once('close', left.resolve);
      const piece = 'x'.repeat(64 * 1024);
      const more = (): boolean => (response.destroyed ? false : response.write(piece, () => void more()));
      more();
    };
    const endless = await callHttp({ url, agent }, 'provider_failed');
    expect(await readJson(endless, { maxBytes: 1024 * 1024 })).toBeNull();
    await left.promise;
  });

  it('names the neighbour that is gone', async () => {
    const gone = `http://127.0.0.1:${await freePort()}/`;
    const failed = callHttp({ url: gone, agent }, 'gateway_unreachable');
    await expect(failed).rejects.toMatchObject({
      code: 'gateway_unreachable',
      message: expect.stringContaining('127.0.0.1'),
    });
  });

  it('gives up on headers that do not come', async () => {
    answer = () => {};
    const failed = callHttp({ url, agent, headersTimeoutMs: 50 }, 'worker_unreachable');
    await expect(failed).rejects.toMatchObject({
      code: 'worker_unreachable',
      cause: { message: 'no answer after 50 ms' },
    });
  });

  it('ends at once when it is aborted, and the other side sees it leave', async () => {
    const left = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    answer = (response) => {
      response.once('close', () => left.resolve());
      arrived.resolve();
    };
    const leaving = new AbortController();
    const call = callHttp({ url, agent, signal: leaving.signal }, 'provider_failed');
    await arrived.promise;
    leaving.abort();
    await expect(call).rejects.toMatchObject({ code: 'request_aborted' });
    await left.promise;
  });

  it('does not mind an abort that comes after its answer was read', async () => {
    const late = new AbortController();
    await readJson(await callHttp({ url, agent, signal: late.signal }, 'provider_failed'));
    late.abort();
    expect(await readJson(await callHttp({ url, agent }, 'provider_failed'))).toEqual({ ok: true });
  });

  it('breaks the reading of a body that is cut', async () => {
    answer = (response) => {
      response.write('{"ok":', () => response.destroy());
    };
    const cut = callHttp({ url, agent }, 'provider_failed').then(readJson);
    await expect(cut).rejects.toThrow('aborted');
  });
});
