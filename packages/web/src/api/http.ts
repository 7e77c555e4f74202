import { ParleyError, type ErrorCode } from '@parley/contracts';
import type { z } from 'zod';

/** Fired on `window` when the server no longer knows this browser's session. */
export const SIGNED_OUT = 'parley:signed-out';

/** Of a file whose type the browser does not know. */
export const FILE_TYPE = 'application/octet-stream';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON; a Blob as the bytes that it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Sends one request; throws ParleyError with the server's code, or `server_unreachable`. */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const response = await send(path, options);
  if (response.ok) return response;
  throw toThrown(response.status, await readJson(response));
}

/** What an answer that is no success throws; tells the page when the session is over. */
export function toThrown(status: number, body: unknown): ParleyError {
  // A proxy in between answers HTML with one of these; the server behind it was not reached.
  const fallback: ErrorCode = [502, 503, 504].includes(status) ? 'server_unreachable' : 'internal_error';
  const error = ParleyError.fromBody(body, fallback);
  if (error.code === 'not_signed_in') dispatchEvent(new Event(SIGNED_OUT));
  return error;
}

/** Sends one request and reads its JSON answer by a schema of the contracts. */
export async function requestJson<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  options: RequestOptions = {},
): Promise<z.output<Schema>> {
  const response = await request(path, options);
  const parsed = schema.safeParse(await readJson(response));
  if (parsed.success) return parsed.data;
  throw new ParleyError('internal_error', `The answer of ${path} could not be read.`, { cause: parsed.error });
}

async function send(path: string, { method = 'GET', body, headers, signal }: RequestOptions): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      ...toContent(body, headers),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ParleyError('server_unreachable', 'The Parley server did not answer.', { cause: error });
  }
}

function toContent(body: unknown, headers: Record<string, string> = {}): RequestInit {
  if (body === undefined) return { headers };
  if (body instanceof Blob) return { headers: { 'content-type': body.type || FILE_TYPE, ...headers }, body };
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
