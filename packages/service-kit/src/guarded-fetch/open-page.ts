import type { ClientRequest, IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { ParleyError } from '@parley/contracts';
import type { HttpAgent } from '../http-client.ts';
import type { Target } from './resolve-target.ts';

// Asked for this way because an ESM import of node:http costs 15 MB, see ../http-client.ts.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

interface OpenOptions {
  headers: Record<string, string>;
  connectMs: number;
  headersMs: number;
  signal: AbortSignal;
  /** Keeps connections for the next call, which finds only such that were opened to checked addresses. */
  agent?: HttpAgent | undefined;
}

/**
 * Connects to the addresses of `target` and to no others, and answers the response with its body
 * unread. Host and TLS name stay those of the address; a proxy from the environment is never asked.
 */
export function openPage({ url, addresses }: Target, options: OpenOptions): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'GET',
    headers: options.headers,
    // Without an agent a connection of its own, since none of others is known to have been looked at.
    agent: options.agent?.of(url.protocol) ?? false,
    lookup: pinnedTo(addresses),
  });
  const abort = () => void request.destroy(new Error('aborted'));
  const stopClocks = startClocks(request, options);
  options.signal.addEventListener('abort', abort, { once: true });
  request.once('close', () => {
    stopClocks();
    options.signal.removeEventListener('abort', abort);
  });
  request.once('response', (response) => {
    stopClocks();
    // Whoever reads the body hears of an error there; one that comes after is nobody's.
    response.on('error', () => undefined);
    resolve(response);
  });
  request.on('error', (error) =>
    reject(new ParleyError('url_unreachable', `${url.host} did not answer.`, { cause: error })),
  );
  request.end();
  return promise;
}

/** A look-up that answers what was checked, and asks nobody. */
function pinnedTo(addresses: Target['addresses']): LookupFunction {
  return (_hostname, options, done) => {
    if (options.all) done(null, [...addresses]);
    else done(null, addresses[0].address, addresses[0].family);
  };
}

/** The two clocks before an answer: to connect (TLS included), and to the headers. Answers how to stop them. */
function startClocks(request: ClientRequest, { connectMs, headersMs }: OpenOptions): () => void {
  const giveUp = (what: string, ms: number) =>
    setTimeout(() => request.destroy(new Error(`no ${what} after ${ms} ms`)), ms);
  const connect = giveUp('connection', connectMs);
  const headers = giveUp('headers', headersMs);
  request.once('socket', (socket) => {
    if (request.reusedSocket) clearTimeout(connect);
    else socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connect));
  });
  return () => {
    clearTimeout(connect);
    clearTimeout(headers);
  };
}
