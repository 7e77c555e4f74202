import { randomUUIDv7 } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Kysely } from 'kysely';
import { baseSettingsSchema, ParleyError } from '@parley/contracts';
import type { CrawlEvent, FetchedPage } from '@parley/rag/crawling';
import { silentLogger, waitUntil } from '@parley/service-kit/testing';
import { openDatabase } from '../../database/open-database.ts';
import type { Database } from '../../database/schema.ts';
import { DocumentChanges } from '../../knowledge/document-changes.ts';
import { AlarmBoard } from '../../retrieval/alarm-board.ts';
import { createIngestion, type IngestionOptions, type StartedIngestion } from '../create-ingestion.ts';
import type { DocumentRow } from '../rows/document-rows.ts';
import { CuttingReader } from './cutting-reader.ts';
import { MemoryIndex, MemoryVectors } from './memory-index.ts';
import { ScriptedEmbedder } from './scripted-embedder.ts';

/** Ingestion over a real database in a folder of its own, with fakes around it. */
export class IngestionKit {
  readonly home = mkdtempSync(join(tmpdir(), 'parley-ingestion-'));
  readonly reader = new CuttingReader();
  index = new MemoryIndex();
  readonly chroma = new MemoryVectors();
  readonly embedder = new ScriptedEmbedder();
  readonly changes = new DocumentChanges();
  /** Pages by address; others cannot be reached. */
  readonly pages = new Map<string, string>();
  /** What the next crawl finds. */
  crawled: CrawlEvent[] = [];
  indexOpened = 0;
  /** Added to the clock. */
  laterMs = 0;
  db!: Kysely<Database>;
  ingestion!: StartedIngestion;

  readonly now = () => Date.now() + this.laterMs;

  async open(options: Partial<IngestionOptions> = {}): Promise<void> {
    this.db = await openDatabase({ home: this.home, now: this.now });
    this.ingestion = this.create(options);
  }

  create(options: Partial<IngestionOptions> = {}): StartedIngestion {
    const { settings, ...others } = options;
    return createIngestion({
      db: this.db,
      home: this.home,
      reader: this.reader,
      chroma: this.chroma,
      embedder: this.embedder.of,
      index: async () => {
        this.indexOpened += 1;
        return this.index;
      },
      fetchPage: (url) => this.#fetch(url),
      crawlSite: () => this.#crawl(),
      changes: this.changes,
      alarms: new AlarmBoard(this.now),
      now: this.now,
      newId: randomUUIDv7,
      logger: silentLogger(),
      settings: {
        parallel: 2,
        pollMs: 50,
        retryDelaysMs: [50, 50],
        ...settings,
      },
      ...others,
    });
  }

  async restart(options: Partial<IngestionOptions> = {}): Promise<void> {
    await this.ingestion.close();
    this.ingestion = this.create(options);
    this.ingestion.start();
  }

  async dispose(): Promise<void> {
    await this.ingestion.close();
    await this.db.destroy();
    await rm(this.home, { recursive: true, force: true });
  }

  async addBase(settings: object = {}): Promise<string> {
    const id = randomUUIDv7();
    const user = {
      id: 'ada',
      name: 'Ada',
      name_key: 'ada',
      role: 'owner' as const,
      password_hash: null,
      created_at: 1,
    };
    await this.db
      .insertInto('users')
      .values(user)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const base = {
      owner_id: 'ada',
      name: 'Base',
      description: '',
      conversation_id: null,
      visibility: 'private' as const,
    };
    const parsed = JSON.stringify(baseSettingsSchema.parse(settings));
    await this.db
      .insertInto('knowledge_bases')
      .values({ id, kind: 'base', settings: parsed, created_at: 1, updated_at: 1, ...base })
      .execute();
    return id;
  }

  async addFile(baseId: string, name: string, text: string): Promise<string> {
    const file = await this.ingestion.storeFile(Readable.from([Buffer.from(text)]));
    return this.ingestion.addFile(baseId, { ...file, name, mediaType: 'text/plain' });
  }

  async document(id: string): Promise<DocumentRow | undefined> {
    return this.db.selectFrom('documents').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Waits for a state; a failure where none is wanted says why. */
  async until(id: string, state: string): Promise<DocumentRow> {
    await waitUntil(async () => {
      const row = await this.document(id);
      if (row?.state === 'failed' && state !== 'failed') throw new Error(`The document failed: ${row.error}`);
      return row?.state === state;
    }, `the document is ${state}`);
    const row = await this.document(id);
    if (row === undefined) throw new Error('The document is gone.');
    return row;
  }

  /** The texts of a document's searched passages, in order. */
  async texts(documentId: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('chunks')
      .innerJoin('documents', 'documents.version_id', 'chunks.version_id')
      .select('chunks.text')
      .where('chunks.document_id', '=', documentId)
      .orderBy('chunks.ordinal')
      .execute();
    return rows.map(({ text }) => text);
  }

  async #fetch(url: string): Promise<FetchedPage> {
    const page = this.pages.get(url);
    if (page === undefined) throw new ParleyError('url_unreachable', 'No such page.');
    return { url, mediaType: 'text/html', charset: null, body: Buffer.from(page) };
  }

  async *#crawl(): AsyncGenerator<CrawlEvent> {
    yield* this.crawled;
  }
}
