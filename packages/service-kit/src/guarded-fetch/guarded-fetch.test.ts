import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../testing/index.ts';
import { guardedFetch, type FetchLimits, type GuardedFetchOptions } from './guarded-fetch.ts';
import type { ResolveHost } from './resolve-target.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let port: number;
let answer: Answer;
let requests: IncomingMessage[];
let lookUps: string[];

const html = (response: ServerResponse, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'text/html', ...headers });
/** For these tests the server's own address is the public internet; 10.0.0.1 and all others are not. */
const isPublic = (address: string) => address === '127.0.0.1';
const toServer: ResolveHost = async (hostname) => {
  lookUps.push(hostname);
  return [{ address: '127.0.0.1', family: 4 }];
};

function open(path = '/', { limits, ...more }: Partial<GuardedFetchOptions> = {}) {
  const options = { mediaTypes: ['text/html'], resolveHost: toServer, isPublic, ...more };
  return guardedFetch(`http://site.example:${port}${path}`, { ...options, ...(limits && { limits }) });
}

beforeEach(async () => {
  requests = [];
  lookUps = [];
  answer = (_, response) => void html(response).end('<p>hello');
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('a page', () => {
  it('comes with where it was, what it is, and its bytes', async () => {
    answer = (_, response) => void html(response, { 'content-type': 'Text/HTML; charset="GBK"' }).end('x');
    expect(await open('/a#part')).toEqual({
      url: `http://site.example:${port}/a`,
      mediaType: 'text/html',
      charset: 'gbk',
      body: Buffer.from('x'),
    });
  });

  it('is asked for by its own host name, which is looked up once', async () => {
    await open();
    expect(requests[0]?.headers.host).toBe(`site.example:${port}`);
    expect(requests[0]?.headers).not.toHaveProperty('cookie');
    expect(lookUps).toEqual(['site.example']);
  });

  it('is asked for by its own name in TLS, too', async () => {
    const named = Promise.withResolvers<string>();
    const secure = createTlsServer({
      SNICallback: (name, done) => {
        named.resolve(name);
        done(new Error('no certificate'));
      },
    }).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const url = `https://site.example.:${(secure.address() as AddressInfo).port}/`;
    const failed = guardedFetch(url, { mediaTypes: ['text/html'], resolveHost: toServer, isPublic });
    await expect(failed).rejects.toMatchObject({ code: 'url_unreachable' });
    expect(await named.promise).toBe('site.example');
    secure.close();
  });

  it('is unpacked', async () => {
    answer = (_, response) => void html(response, { 'content-encoding': 'gzip' }).end(gzipSync('hello'));
    expect((await open()).body.toString()).toBe('hello');
  });

  it('on this machine is opened for a caller who says so', async () => {
    const url = `http://127.0.0.1:${port}/`;
    await expect(guardedFetch(url, { mediaTypes: ['text/html'] })).rejects.toMatchObject({ code: 'url_private' });
    expect(requests).toHaveLength(0);
    const { body } = await guardedFetch(url, { mediaTypes: ['text/html'], allowPrivate: true });
    expect(body.toString()).toBe('<p>hello');
  });
});

describe('a redirect', () => {
  const redirectTo = (location: string): Answer => {
    return (request, response) =>
      void (request.url === '/' ? response.writeHead(302, { location }).end() : html(response).end('there'));
  };

  it.each(['/there', 'there', '//other.example:PORT/there'])('to %s is followed', async (location) => {
    answer = redirectTo(location.replace('PORT', String(port)));
    expect((await open()).body.toString()).toBe('there');
  });

  it.each([
    ['http://10.0.0.1/', 'url_private'],
    ['http://[::ffff:169.254.169.254]/', 'url_private'],
    ['//2130706434/', 'url_private'],
    ['file:///etc/passwd', 'url_refused'],
    ['http://me:secret@site.example/', 'url_refused'],
    ['http://[broken', 'url_refused'],
  ])('to %s is refused', async (location, code) => {
    answer = redirectTo(location);
    await expect(open()).rejects.toMatchObject({ code });
  });

  it('is followed five times and no more', async () => {
    answer = ({ url = '' }, response) => {
      const left = Number(url.slice(1));
      if (left === 0) html(response).end('end');
      else response.writeHead(301, { location: `/${left - 1}` }).end();
    };
    expect((await open('/5')).body.toString()).toBe('end');
    await expect(open('/6')).rejects.toMatchObject({ code: 'url_unreachable' });
  });
});

describe('a name that changes its address', () => {
  const changing = (...addresses: string[]): ResolveHost => {
    return async () => [{ address: addresses.shift() ?? 'asked once too often', family: 4 }];
  };

  it('is connected to where it was checked', async () => {
    expect((await open('/', { resolveHost: changing('127.0.0.1', '10.0.0.1') })).body.toString()).toBe('<p>hello');
  });

  it('is checked again at a redirect to itself', async () => {
    answer = (_, response) => void response.writeHead(302, { location: '/again' }).end();
    const failed = open('/', { resolveHost: changing('127.0.0.1', '10.0.0.1') });
    await expect(failed).rejects.toMatchObject({ code: 'url_private' });
    expect(requests).toHaveLength(1);
  });
});

describe('a page that would do harm', () => {
  const limits: Partial<FetchLimits> = { maxBytes: 10_000 };
  const pour = (response: ServerResponse, piece: Buffer) => {
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
  };

  it('by never ending is cut off at the limit', async () => {
    const gone = Promise.withResolvers<void>();
    answer = (_, response) => {
      response.once('close', () => gone.resolve());
      pour(html(response), Buffer.alloc(1_000, 'x'));
    };
    await expect(open('/', { limits })).rejects.toMatchObject({ code: 'document_too_large' });
    await gone.promise;
  });

  it('by saying that it is too large is not read at all', async () => {
    answer = (_, response) => void html(response, { 'content-length': '10001' }).write('x');
    await expect(open('/', { limits })).rejects.toMatchObject({ code: 'document_too_large' });
  });

  it('by growing when it is unpacked is cut off at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    answer = (_, response) => void html(response, { 'content-encoding': 'gzip' }).end(bomb);
    await expect(open('/', { limits: { maxBytes: 100_000 } })).rejects.toMatchObject({ code: 'document_too_large' });
  });

  it.each([
    ['no headers', () => {}, { headersMs: 40 }],
    ['a body that trickles', (_, response) => void html(response).write('x'), { totalMs: 60 }],
    ['a redirect in a circle', (_, response) => void response.writeHead(302, { location: '/' }).end(), {}],
    ['a cut body', (_, response) => html(response).write('x', () => response.destroy()), {}],
    ['broken gzip', (_, response) => void html(response, { 'content-encoding': 'gzip' }).end('no gzip'), {}],
    ['endless headers', (_, response) => void html(response, { 'x-long': 'x'.repeat(100_000) }).end(), {}],
    ['not found', (_, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end(), {}],
    ['no words of HTTP', ({ socket }) => void socket.end('SSH-2.0-OpenSSH\r\n'), {}],
  ] satisfies [string, Answer, Partial<FetchLimits>][])('by %s is unreachable', async (_, misbehave, more) => {
    answer = misbehave;
    await expect(open('/', { limits: more })).rejects.toMatchObject({ code: 'url_unreachable' });
  });

  it.each([{ 'content-type': 'application/pdf' }, { 'content-type': '' }, { 'content-encoding': 'br' }])(
    'by being %j is not read',
    async (headers) => {
      answer = (_, response) => void html(response, headers).end('x');
      await expect(open()).rejects.toMatchObject({ code: 'document_unreadable' });
    },
  );
});

describe('time', () => {
  it('is over when the total is spent, even in a look-up that never ends', async () => {
    const failed = open('/', { resolveHost: () => new Promise(() => {}), limits: { totalMs: 20 } });
    await expect(failed).rejects.toMatchObject({ code: 'url_unreachable', message: expect.stringContaining('0.02 s') });
  });

  it('is over when no connection comes about', async () => {
    // A full backlog cannot be made on every system; a TLS handshake that nobody answers can.
    const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `https://site.example:${(silent.address() as AddressInfo).port}/`;
    const options = { mediaTypes: ['text/html'], resolveHost: toServer, isPublic, limits: { connectMs: 30 } };
    await expect(guardedFetch(url, options)).rejects.toMatchObject({
      code: 'url_unreachable',
      cause: { message: 'no connection after 30 ms' },
    });
    silent.close();
  });

  it('is not wasted on a port where nobody listens', async () => {
    const url = `http://site.example:${await freePort()}/`;
    const failed = guardedFetch(url, { mediaTypes: ['text/html'], resolveHost: toServer, isPublic });
    await expect(failed).rejects.toMatchObject({ code: 'url_unreachable' });
  });

  it('ends with the caller', async () => {
    const leaving = new AbortController();
    const gone = Promise.withResolvers<void>();
    answer = (_, response) => {
      response.once('close', () => gone.resolve());
      leaving.abort();
    };
    await expect(open('/', { signal: leaving.signal })).rejects.toMatchObject({ code: 'request_aborted' });
    await gone.promise;
  });
});
