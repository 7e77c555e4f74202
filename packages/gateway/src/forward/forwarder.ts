import type { Readable } from 'node:stream';
import type { Agent, Dispatcher } from 'undici';
import { ParleyError, REQUEST_ID_HEADER } from '@parley/contracts';

export interface ForwarderOptions {
  /** Base URL, without a slash at the end. */
  serverUrl: string;
  agent: Agent;
  /** Time to the first byte of the answer after the last one of the request, in ms. */
  headersTimeoutMs: number;
  /** Longest silence in the answer, in ms. */
  silenceLimitMs: number;
}

export interface ForwardedRequest {
  method: Dispatcher.HttpMethod;
  /** With the query. */
  path: string;
  /** The bearer token that the application server is shown. */
  credential: string;
  requestId: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it comes in; nothing of it is kept. */
  body: Readable | null;
}

/** What of the caller's headers concerns the application server. Cookies and origins never do. */
const PASSED_HEADERS = ['content-type', 'content-length', 'accept', 'range', 'if-none-match', 'openai-beta'];

/** Asks the application server for what lies there; bytes stream through, both ways. */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #base: URL;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#base = new URL(options.serverUrl);
  }

  /** Answers once the headers came; the caller reads the body or destroys it. Throws `server_unreachable`. */
  async send(request: ForwardedRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { agent, headersTimeoutMs, silenceLimitMs } = this.#options;
    const { origin, pathname } = this.#base;
    try {
      return await agent.request({
        origin,
        path: pathname.replace(/\/$/, '') + request.path,
        method: request.method,
        headers: toHeaders(request),
        body: request.body,
        headersTimeout: headersTimeoutMs,
        bodyTimeout: silenceLimitMs,
        signal,
      });
    } catch (cause) {
      if (signal.aborted) throw new ParleyError('request_aborted', 'The caller went away.', { cause });
      const message = 'The application server, which has the documents, did not answer. Try again in a moment.';
      throw new ParleyError('server_unreachable', message, { cause, retryAfterSeconds: 2 });
    }
  }
}

function toHeaders({ headers, credential, requestId }: ForwardedRequest): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') passed[name] = value;
  }
  return { ...passed, authorization: `Bearer ${credential}`, [REQUEST_ID_HEADER]: requestId };
}
