import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Kysely } from 'kysely';
import type { BaseAlarm, BaseDocument, KnowledgeBase } from '@parley/contracts';
import { buildService, listen } from '@parley/service-kit';
import { silentLogger } from '@parley/service-kit/testing';
import { AccountsService } from '../../accounts/accounts.service.ts';
import { authenticate } from '../../accounts/authenticate.ts';
import { hashToken } from '../../accounts/credentials.ts';
import { SessionsRepository } from '../../accounts/sessions.repository.ts';
import { TokensRepository } from '../../accounts/tokens.repository.ts';
import { TokensService } from '../../accounts/tokens.service.ts';
import { toNameKey, UsersRepository } from '../../accounts/users.repository.ts';
import { openDatabase } from '../../database/open-database.ts';
import type { Database } from '../../database/schema.ts';
import { documentRoutes } from '../../documents/documents.routes.ts';
import { createKnowledge, type Knowledge } from '../create-knowledge.ts';
import { knowledgeRoutes } from '../knowledge.routes.ts';
import { FakeIngestion } from './fake-ingestion.ts';
import { CountedChanges } from './counted-changes.ts';
import { ScriptedReader } from './scripted-reader.ts';

const HOST = '127.0.0.1';

export interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * The routes of knowledge bases on a real port over a real database, with real accounts; the
 * ingestion and the reader are fakes.
 */
export class KnowledgeServer {
  readonly home: string;
  readonly changes = new CountedChanges();
  readonly reader = new ScriptedReader();
  readonly alarms = new Map<string, BaseAlarm[]>();
  readonly routes: { method: string; url: string }[] = [];
  readonly db: Kysely<Database>;
  readonly ingestion: FakeIngestion;
  readonly knowledge: Knowledge;
  time = 1_000;
  #app: FastifyInstance | null = null;
  #address = '';

  static async start(): Promise<KnowledgeServer> {
    const home = mkdtempSync(join(tmpdir(), 'parley-knowledge-'));
    const server = new KnowledgeServer(home, await openDatabase({ home, now: Date.now }));
    await server.#listen();
    return server;
  }

  private constructor(home: string, db: Kysely<Database>) {
    this.home = home;
    this.db = db;
    this.ingestion = new FakeIngestion({ db, changes: this.changes, folder: join(home, 'files') });
    this.knowledge = createKnowledge({
      db,
      ingestion: this.ingestion,
      changes: this.changes,
      reader: this.reader,
      previewFolder: join(home, 'previews'),
      alarmsOf: (baseId) => this.alarms.get(baseId) ?? [],
      now: () => (this.time += 1),
    });
  }

  get address(): string {
    return this.#address;
  }

  async #listen(): Promise<void> {
    const app = buildService({ name: 'server', logger: silentLogger(), bodyLimit: 2 * 1024 * 1024 });
    app.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const name of [method].flat()) if (name !== 'HEAD') this.routes.push({ method: name, url });
    });
    await app.register(fastifyCookie);
    app.decorateRequest('account', null);
    app.decorateRequest('credential', null);
    await app.register(async (api) => this.#addRoutes(api), { prefix: '/api' });
    this.#app = app;
    this.#address = await listen(app, { host: HOST, port: 0 });
  }

  #addRoutes(api: FastifyInstance): void {
    const seams = { now: Date.now, newId: crypto.randomUUID.bind(crypto) };
    const [users, sessions] = [new UsersRepository(this.db), new SessionsRepository(this.db)];
    const accounts = new AccountsService({ users, sessions, sessionDays: 1, ...seams });
    const tokens = new TokensService({ tokens: new TokensRepository(this.db), ...seams });
    const secret = 'the-secret-of-this-installation';
    api.addHook('onRequest', authenticate({ accounts, tokens, secret, reach: { host: HOST, allowedHosts: [] } }));
    knowledgeRoutes(api, this.knowledge);
    documentRoutes(api, { list: () => [], find: () => null }, this.knowledge.reading);
  }

  /** Ends it and removes its folder. */
  async dispose(): Promise<void> {
    await this.#app?.close();
    await this.db.destroy();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Stops answering; open streams end. */
  async close(): Promise<void> {
    await this.#app?.close();
    this.#app = null;
  }

  /** An account; its name is its id and its token. */
  async addUser(name: string): Promise<string> {
    const user = { id: name, name, name_key: toNameKey(name), role: 'member' as const, password_hash: null };
    await this.db
      .insertInto('users')
      .values({ ...user, created_at: 1 })
      .execute();
    const token = { id: name, user_id: name, name: 'x', token_hash: hashToken(name), created_at: 1 };
    await this.db
      .insertInto('tokens')
      .values({ ...token, last_used_at: null })
      .execute();
    return name;
  }

  fetch(
    user: string | null,
    path: string,
    { method = 'GET', body, headers = {}, signal }: Call = {},
  ): Promise<Response> {
    const isRaw = body === undefined || body instanceof ReadableStream || body instanceof Uint8Array;
    return fetch(`${this.#address}/api${path}`, {
      method,
      headers: {
        ...(user === null ? {} : { authorization: `Bearer ${user}` }),
        ...(isRaw ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(isRaw
        ? { body: (body ?? null) as Uint8Array<ArrayBuffer> | null, duplex: 'half' }
        : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  }

  /** The JSON of an answer that must not be an error. */
  async json<Value>(user: string, path: string, call: Call = {}): Promise<Value> {
    const response = await this.fetch(user, path, call);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Value;
  }

  createBase(user: string, body: Record<string, unknown> = {}): Promise<KnowledgeBase> {
    return this.json(user, '/knowledge-bases', { method: 'POST', body: { name: 'Base', ...body } });
  }

  share(baseId: string, owner: string, sharing: { visibility?: string; users?: unknown[] }): Promise<unknown> {
    const body = { visibility: 'private', users: [], ...sharing };
    return this.json(owner, `/knowledge-bases/${baseId}/sharing`, { method: 'PUT', body });
  }

  upload(user: string, baseId: string, file: { name: string; content?: string; type?: string }): Promise<BaseDocument> {
    const { name, content = 'Words.', type = 'text/plain' } = file;
    return this.json(user, `/knowledge-bases/${baseId}/documents?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: new TextEncoder().encode(content),
      headers: { 'content-type': type },
    });
  }
}
