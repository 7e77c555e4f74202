import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueModel } from '@parley/contracts';
import type { RunningService } from '@parley/service-kit';
import { silentLogger } from '@parley/service-kit/testing';
import type { ServerConfigInput } from '../config.ts';
import { startServer, type ServerSeams } from '../start.ts';
import { ChatReader } from './chat-reader.ts';

export const TEST_SECRET = 'the-secret-of-this-test-installation';

export const fakeModel: CatalogueModel = {
  name: 'fake-model',
  label: 'Fake model',
  kind: 'local',
  engine: 'fake',
  needs_key: null,
  knowledge: null,
  purpose: 'chat',
  context_length: null,
  capabilities: { vision: false, tools: false, reasoning: false },
};

export interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Bearer token; the installation's secret when left out, none when null. */
  token?: string | null;
}

/** A real server on a free port over a folder of its own; `restart` starts another over the same folder. */
export class TestServer {
  readonly home = mkdtempSync(join(tmpdir(), 'parley-server-'));
  #settings: Partial<ServerConfigInput> = {};
  #seams: ServerSeams = {};
  #service: RunningService | null = null;

  get address(): string {
    if (!this.#service) throw new Error('The server is not started.');
    return this.#service.address;
  }

  async start(settings: Partial<ServerConfigInput> = {}, seams: ServerSeams = {}): Promise<void> {
    this.#settings = settings;
    this.#seams = seams;
    const base = { port: 0, secret: TEST_SECRET, home: this.home, gateway_url: 'http://127.0.0.1:1', stop_grace_ms: 0 };
    this.#service = await startServer(
      { ...base, catalogue: [fakeModel], ...settings },
      { logger: silentLogger(), ...seams },
    );
  }

  async close(): Promise<void> {
    await this.#service?.close();
    this.#service = null;
  }

  async restart(): Promise<void> {
    await this.close();
    await this.start(this.#settings, this.#seams);
  }

  /** Ends it and removes its folder. */
  async dispose(): Promise<void> {
    await this.close();
    await rm(this.home, { recursive: true, force: true });
  }

  fetch(path: string, call: Call = {}, signal?: AbortSignal): Promise<Response> {
    const { method = 'GET', body, headers = {}, token = TEST_SECRET } = call;
    return fetch(this.address + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  }

  /** The JSON of an answer that must not be an error. */
  async json<Value>(path: string, call: Call = {}): Promise<Value> {
    const response = await this.fetch(path, call);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Value;
  }

  async stream(path: string, call: Call = {}): Promise<ChatReader> {
    const abort = new AbortController();
    const response = await this.fetch(path, call, abort.signal);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return new ChatReader(response, abort);
  }

  /** Asks, and answers the reader of what comes. */
  chat(body: Record<string, unknown>, call: Call = {}): Promise<ChatReader> {
    return this.stream('/api/chat', { method: 'POST', body, ...call });
  }
}
