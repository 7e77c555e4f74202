import { Agent, getGlobalDispatcher, request, type Dispatcher } from 'undici';
import { ParleyError, type ErrorCode } from '@parley/contracts';

export interface HttpCall {
  url: string;
  method?: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
  /** Time to the response's headers, in ms; default 10 s. The body has no clock here. */
  headersTimeoutMs?: number;
  dispatcher?: Dispatcher;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body as a byte stream; the caller reads it whole or destroys it. */
  body: Dispatcher.ResponseData['body'];
}

/** An agent for calls between our own processes: kept-alive, never by way of a proxy from the environment. */
export function createAgent(): Agent {
  return new Agent({ connect: { timeout: 3_000 }, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 });
}

/**
 * One HTTP call. A connection that fails is thrown as `unreachable`, the code that says which
 * neighbour is gone; statuses are the caller's to judge.
 */
export async function callHttp(call: HttpCall, unreachable: ErrorCode): Promise<HttpAnswer> {
  const { url, method = 'POST', headers = {}, body, signal, headersTimeoutMs = 10_000, dispatcher } = call;
  try {
    const answer = await request(url, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: headersTimeoutMs,
      bodyTimeout: 0,
      signal: signal ?? null,
      dispatcher: dispatcher ?? getGlobalDispatcher(),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  } catch (error) {
    if (signal?.aborted) throw new ParleyError('request_aborted', 'The request was aborted.', { cause: error });
    throw new ParleyError(unreachable, `${new URL(url).host} did not answer.`, { cause: error });
  }
}

/** Reads a JSON body; null when it is not JSON. */
export async function readJson(answer: HttpAnswer): Promise<unknown> {
  const text = await answer.body.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
