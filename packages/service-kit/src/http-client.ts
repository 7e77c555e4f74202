import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { ParleyError, type ErrorCode } from '@parley/contracts';

// An ESM import of node:http evaluates its getters, one of which loads Node's own undici: 15 MB more
// in every process (63 against 46 MB, Node 26.10). Asked for this way, it does not.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/** No answer that is read whole comes near this; a body that never ends must not fill the memory. */
const MAX_JSON_BYTES = 32 * 1024 * 1024;

export interface HttpCall {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
  /** Time to the response's headers, in ms; 0 for none, default 10 s. The body has no clock here. */
  headersTimeoutMs?: number;
  /** Keeps connections alive between calls; a connection for this call alone when left out. */
  agent?: HttpAgent;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** The body; the caller reads it whole, resumes it to let it go by, or destroys it. */
  body: IncomingMessage;
}

export interface HttpAgent {
  /** The connections of one scheme. */
  of(protocol: string): Agent;
  connectTimeoutMs: number;
  /** Ends all connections, also those in use. */
  destroy(): void;
}

/** Connections that are kept alive, never by way of a proxy from the environment. Whoever makes it destroys it. */
export function createAgent({ connectTimeoutMs = 3_000 } = {}): HttpAgent {
  const options = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 64 };
  const agents = { plain: new http.Agent(options), secure: new https.Agent(options) };
  return {
    of: (protocol) => (protocol === 'https:' ? agents.secure : agents.plain),
    connectTimeoutMs,
    destroy() {
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

/**
 * One HTTP call. Built on Node's own client: undici costs every process that loads it some 15 MB,
 * and only the gateway's hot path needs its speed. A connection that fails is thrown as
 * `unreachable`, the code that says which neighbour is gone; statuses are the caller's to judge.
 */
export async function callHttp(call: HttpCall, unreachable: ErrorCode): Promise<HttpAnswer> {
  const { signal } = call;
  try {
    return await send(call).catch((error: unknown) => {
      if (error instanceof StaleConnectionError && !signal?.aborted) return send(call);
      throw error;
    });
  } catch (error) {
    if (signal?.aborted) throw new ParleyError('request_aborted', 'The request was aborted.', { cause: error });
    throw new ParleyError(unreachable, `${new URL(call.url).host} did not answer.`, { cause: error });
  }
}

/** Reads a JSON body; null when it is not JSON, or is larger than `maxBytes` (32 MiB), in which case it is not read on. */
export async function readJson({ body }: HttpAnswer, { maxBytes = MAX_JSON_BYTES } = {}): Promise<unknown> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    // Leaving the loop destroys the body, and its connection with it.
    if (size > maxBytes) return null;
    pieces.push(piece);
  }
  try {
    return JSON.parse(new TextDecoder().decode(Buffer.concat(pieces))) as unknown;
  } catch {
    return null;
  }
}

/** A kept connection that the other side had already closed; nothing was answered, so the call may be sent again. */
class StaleConnectionError extends Error {}

function send({ url, method = 'POST', headers, body, signal, ...call }: HttpCall): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const target = new URL(url);
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const options: RequestOptions = {
    method,
    headers: { ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }), ...headers },
    agent: call.agent?.of(target.protocol),
  };
  const request = (target.protocol === 'https:' ? https : http).request(target, options);
  const stopClocks = startClocks(request, call);
  abortWith(request, signal);
  request.once('response', (response) => {
    stopClocks();
    // An abort after the body was read still reaches it as an error, which nobody waits for any more;
    // whoever is reading hears of it from its own reading.
    response.on('error', () => undefined);
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response });
  });
  request.on('error', (error: NodeJS.ErrnoException) => {
    stopClocks();
    const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    reject(isStale ? new StaleConnectionError(error.message, { cause: error }) : error);
  });
  request.end(payload);
  return promise;
}

// Node's own `signal` option stays with the request after its answer was read and its connection given
// back; an abort that late is an error that nobody can catch.
function abortWith(request: ClientRequest, signal: AbortSignal | undefined): void {
  const abort = () => void request.destroy();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  request.once('close', () => signal?.removeEventListener('abort', abort));
}

/** The two clocks before an answer: to connect, and to the headers. Answers how to stop them. */
function startClocks(request: ClientRequest, { headersTimeoutMs = 10_000, agent }: Partial<HttpCall>): () => void {
  const giveUp = (what: string, ms: number) =>
    setTimeout(() => request.destroy(new Error(`no ${what} after ${ms} ms`)), ms);
  const headers = headersTimeoutMs > 0 ? giveUp('answer', headersTimeoutMs) : undefined;
  const connectTimeoutMs = agent?.connectTimeoutMs ?? 0;
  const connect = connectTimeoutMs > 0 ? giveUp('connection', connectTimeoutMs) : undefined;
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => clearTimeout(connect));
    else clearTimeout(connect);
  });
  return () => {
    clearTimeout(headers);
    clearTimeout(connect);
  };
}
