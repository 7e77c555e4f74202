import { ParleyError } from '@parley/contracts';
import { z } from 'zod';

export interface ChromaSettings {
  /** Such as `http://127.0.0.1:8000`. */
  url: string;
  tenant?: string;
  database?: string;
  /** Sent as `x-chroma-token`, where the server asks for one. */
  token?: string | null;
  /** Longest wait for one answer; 30 s. */
  timeoutMs?: number;
  fetch?: typeof globalThis.fetch;
}

const problemSchema = z.looseObject({ error: z.string().nullish(), message: z.string().nullish() });

/**
 * Speaks Chroma's HTTP API v2 (docs.trychroma.com/reference; the server's own `/openapi.json`).
 * npm's `chromadb` would bring 50 MB of native bindings for a dozen routes. Everything that goes
 * wrong is `vector_store_failed`.
 */
export class ChromaClient {
  readonly #settings: ChromaSettings;
  readonly #root: string;

  constructor(settings: ChromaSettings) {
    const { url, tenant = 'default_tenant', database = 'default_database' } = settings;
    const [whose, where] = [tenant, database].map(encodeURIComponent);
    this.#settings = settings;
    this.#root = `${url.replace(/\/+$/, '')}/api/v2/tenants/${whose}/databases/${where}/collections`;
  }

  /** Asks a route below the database's collections; null when it says that there is no such thing. */
  async ask<Schema extends z.ZodType>(
    schema: Schema,
    call: { path: string; method?: 'GET' | 'POST' | 'DELETE'; body?: unknown },
  ): Promise<z.output<Schema> | null> {
    const response = await this.#send(call);
    const text = await response.text().catch(unreachable);
    if (response.status === 404) return null;
    if (!response.ok) throw refused(response.status, text);
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new ParleyError('vector_store_failed', 'The Chroma server answered something that is not known here.', {
      cause: parsed.error,
    });
  }

  async #send(call: { path: string; method?: string; body?: unknown }): Promise<Response> {
    const { fetch = globalThis.fetch, token, timeoutMs = 30_000 } = this.#settings;
    return fetch(this.#root + call.path, {
      method: call.method ?? 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { 'x-chroma-token': token } : {}) },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(unreachable);
  }
}

function unreachable(cause: unknown): never {
  throw new ParleyError('vector_store_failed', 'The Chroma server did not answer. Is it running?', { cause });
}

function refused(status: number, text: string): ParleyError {
  const { error, message } = problemSchema.safeParse(parseJson(text)).data ?? {};
  const reason = [error, message].filter(Boolean).join(': ').slice(0, 500) || `status ${status}`;
  return new ParleyError('vector_store_failed', `The Chroma server refused: ${reason}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
