import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import type { ModelDownload } from '@parley/contracts';
import { buildService } from '@parley/service-kit';
import { silentLogger, waitUntil } from '@parley/service-kit/testing';
import { openDatabase } from '../../../database/open-database.ts';
import type { Database } from '../../../database/schema.ts';
import { DownloadsRepository, type DownloadChange } from '../downloads.repository.ts';
import { downloadRoutes } from '../downloads.routes.ts';
import { ModelDownloads } from '../model-downloads.service.ts';
import { DownloadKit } from './download-kit.ts';

/** The service over a database of its own and a fake hub, asked through its routes. */
export class DownloadsKit extends DownloadKit {
  /** Files that a model was made of. */
  readonly added: string[] = [];
  /** What making a model throws. */
  addError: Error | null = null;
  readonly users = new Map<string, string[]>();
  #db: Kysely<Database> | null = null;
  #downloads: ModelDownloads | null = null;
  #app: FastifyInstance | null = null;
  #time = 0;

  get models(): string {
    return join(this.folder, 'models');
  }

  async start(): Promise<void> {
    const now = () => (this.#time += 1);
    this.#db = await openDatabase({ home: this.folder, now });
    this.#downloads = new ModelDownloads({
      repository: new DownloadsRepository(this.#db),
      folder: this.models,
      hub: this.settings,
      allowPrivate: false,
      addModel: async (file) => {
        if (this.addError) throw this.addError;
        this.added.push(file);
        return `model of ${file}`;
      },
      usersOfFiles: async () => this.users,
      now,
      newId: () => crypto.randomUUID(),
      logger: silentLogger(),
    });
    await this.#downloads.start();
    this.#app = buildService({ name: 'test', logger: silentLogger(), bodyLimit: 100_000 });
    downloadRoutes(this.#app, this.#downloads);
  }

  async stop(): Promise<void> {
    await this.#app?.close();
    await this.#downloads?.close();
    await this.#db?.destroy();
    this.#db = null;
  }

  /** Stops and starts over the same folder. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Changes a row behind the service's back, while it is stopped. */
  async rewrite(id: string, change: DownloadChange): Promise<void> {
    const db = await openDatabase({ home: this.folder, now: () => 0 });
    await new DownloadsRepository(db).update(id, change, 0);
    await db.destroy();
  }

  async ask(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<{ status: number; body: unknown }> {
    if (!this.#app) throw new Error('The service is not started.');
    const response = await this.#app.inject({ method, url, ...(body && { payload: body }) });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  }

  async begin(source = this.source, more: object = {}): Promise<ModelDownload> {
    const { status, body } = await this.ask('POST', '/downloads', { source, ...more });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body as ModelDownload;
  }

  async list(): Promise<ModelDownload[]> {
    return ((await this.ask('GET', '/downloads')).body as { downloads: ModelDownload[] }).downloads;
  }

  /** The download once it is in one of these states. */
  async until(id: string, ...states: ModelDownload['state'][]): Promise<ModelDownload> {
    const found: ModelDownload[] = [];
    await waitUntil(
      async () => {
        const download = (await this.list()).find((candidate) => candidate.id === id);
        if (download && states.includes(download.state)) found.push(download);
        return found.length > 0;
      },
      `download ${states.join(' or ')}`,
    );
    const [download] = found;
    if (!download) throw new Error('There is no such download.');
    return download;
  }

  override async dispose(): Promise<void> {
    await this.stop();
    await super.dispose();
  }
}
