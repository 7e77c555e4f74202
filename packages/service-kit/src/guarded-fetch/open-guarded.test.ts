import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGuarded, type OpenGuardedOptions } from './open-guarded.ts';

let server: Server;
let origin: string;
let seen: { url: string; headers: IncomingHttpHeaders }[];

beforeEach(async () => {
  seen = [];
  server = createServer(({ url = '', headers }, response) => {
    seen.push({ url, headers });
    if (url === '/go') response.writeHead(302, { location: '/there', 'x-told': 'yes' }).end();
    else if (url === '/away') response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    else response.writeHead(404).write('first');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const open = (path: string, more: Partial<OpenGuardedOptions> = {}) =>
  openGuarded(origin + path, {
    signal: new AbortController().signal,
    allowPrivate: (url) => url.origin === origin,
    headersFor: (url) => ({ 'x-for': url.pathname }),
    ...more,
  });

describe('an opened address', () => {
  it('comes with its way, its status unjudged and its body unread', async () => {
    const { url, response, redirects } = await open('/go');
    expect(url.href).toBe(`${origin}/there`);
    expect(response.statusCode).toBe(404);
    expect(redirects).toMatchObject([{ 'x-told': 'yes' }]);
    expect(seen.map(({ headers }) => headers['x-for'])).toEqual(['/go', '/there']);
    expect(String((await once(response, 'data'))[0])).toBe('first');
    response.destroy();
  });

  it('is checked again after each redirect', async () => {
    await expect(open('/away')).rejects.toMatchObject({ code: 'url_private' });
    await expect(open('/there', { allowPrivate: () => false })).rejects.toMatchObject({ code: 'url_private' });
    expect(seen.map(({ url }) => url)).toEqual(['/away']);
  });

  it('ends with its signal, before and within the body', async () => {
    const abort = new AbortController();
    const { response } = await open('/there', { signal: abort.signal });
    const reading = Array.fromAsync(response);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(open('/there', { signal: abort.signal })).rejects.toMatchObject({ code: 'request_aborted' });
  });
});
