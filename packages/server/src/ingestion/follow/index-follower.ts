import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { ParleyError, type IndexReport } from '@parley/contracts';
import type { KnowledgeIndex, VectorIndex } from '@parley/rag';
import type { Database } from '../../database/schema.ts';
import type { AlarmBoard } from '../../retrieval/alarm-board.ts';
import type { IngestionLogger } from '../ingestion-logger.ts';
import { BaseIndexes } from './base-indexes.ts';
import { ChangeFeed, type ChangeRow } from './change-feed.ts';
import { emptyIndexes, followBaseVectors, followBaseWords } from './follow-base.ts';
import { verifyBase } from './verify-base.ts';

export interface IndexFollowerOptions {
  db: Kysely<Database>;
  index: () => Promise<KnowledgeIndex>;
  chroma: VectorIndex | null;
  alarms: AlarmBoard;
  logger: IngestionLogger;
}

const DIFFERS = 'What can be found differs from what is stored; rebuild the index of this knowledge base.';
const BEHIND =
  'What is new in this knowledge base cannot be found yet: its index could not be written. It is tried again.';
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A search is not held up longer by an index that is behind. */
const PATIENCE_MS = 5_000;

/**
 * Keeps the indexes in line with the rows, one change after the other. A vector server that is down
 * does not hold up the words: what it lacks is kept and brought to it later.
 */
export class IndexFollower {
  readonly #options: IndexFollowerOptions;
  readonly #feed: ChangeFeed;
  readonly #indexes: BaseIndexes;
  #work: Promise<unknown> = Promise.resolve();
  #isPoked = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  /** Bases that an index which could not be written lacks something of. */
  #behind: string[] = [];

  constructor(options: IndexFollowerOptions) {
    this.#options = options;
    this.#feed = new ChangeFeed(options.db);
    this.#indexes = new BaseIndexes(options);
  }

  /** Follows what is left from before; opens no index when nothing is. */
  start(): void {
    this.#inBackground(async () => {
      if (await this.#feed.hasOpen()) this.poke();
    });
  }

  /** Follows soon; to be said after a change was stored. */
  poke(): void {
    if (this.#isPoked || this.#isClosed) return;
    this.#isPoked = true;
    this.#inBackground(() => {
      this.#isPoked = false;
      return this.#catchUp();
    });
  }

  /** Resolves once all changes of before are followed by the words, and by the vectors where their store answers. */
  async settled(): Promise<void> {
    await this.#alone(() => this.#catchUp());
  }

  /** Waits, some seconds at most, until what is ready in these bases can be found. */
  async caughtUp(baseIds: readonly string[]): Promise<void> {
    if (!(await this.#feed.isBehind(baseIds))) return;
    const patience = new AbortController();
    const settled = this.settled().catch(() => undefined);
    await Promise.race([settled, delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }

  /** Brings a space's index in line with its rows now. */
  async fillSpace(baseId: string, spaceId: string): Promise<void> {
    await this.#alone(() => this.#indexes.followSpace(baseId, spaceId));
  }

  async verify(baseId: string): Promise<IndexReport> {
    return this.#alone(() => this.#report(baseId));
  }

  async rebuild(baseId: string): Promise<IndexReport> {
    return this.#alone(async () => {
      await this.#catchUp();
      await emptyIndexes(this.#options.db, this.#indexes, baseId);
      await followBaseWords(this.#options.db, this.#indexes, baseId);
      await followBaseVectors(this.#options.db, this.#indexes, baseId);
      return this.#report(baseId);
    });
  }

  /** Ends after the change that is being followed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#work.catch(() => undefined);
  }

  async #report(baseId: string): Promise<IndexReport> {
    const { alarms } = this.#options;
    const report = await this.#compare(baseId);
    if (report.agrees) alarms.clear(baseId, 'index-differs');
    else alarms.raise(baseId, { kind: 'index-differs', message: DIFFERS });
    return report;
  }

  // Rows that change while they are compared differ from the index for no reason: then once more.
  async #compare(baseId: string, attempts = 5): Promise<IndexReport> {
    await this.#catchUp();
    const report = await verifyBase(this.#options.db, this.#indexes, baseId);
    if (report.agrees || attempts === 1) return report;
    const { words } = await this.#indexes.index();
    const changed = await this.#feed.after(await words.position());
    return changed.length === 0 ? report : this.#compare(baseId, attempts - 1);
  }

  // Nobody waits for it: what fails is told to the log and tried again.
  #inBackground(work: () => Promise<void>): void {
    this.#alone(work).catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'the indexes could not follow the rows');
      this.#retryLater();
      return this.#tellBehind();
    });
  }

  async #tellBehind(): Promise<void> {
    // A database that cannot be read either says so everywhere else.
    this.#behind = await this.#feed.openBases().catch(() => []);
    for (const id of this.#behind) this.#options.alarms.raise(id, { kind: 'index-differs', message: BEHIND });
  }

  // One at a time: two that bring the same document in line would undo each other.
  #alone<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#work.then(work, work);
    this.#work = done;
    return done;
  }

  async #catchUp(): Promise<void> {
    const { words } = await this.#indexes.index();
    let position = await words.position();
    if (!(await this.#feed.knows(position))) {
      await this.#feed.noteAll();
      await words.setPosition(0);
      position = 0;
    }
    const isDown = new Set<string>();
    await this.#followSkipped(position, isDown);
    while (!this.#isClosed) {
      const changes = await this.#feed.after(position);
      const last = changes.at(-1);
      if (last === undefined) break;
      await this.#follow(changes, isDown);
      if (this.#isClosed) return;
      position = last.sequence;
      await words.setPosition(position);
      await this.#feed.prune(position);
    }
    for (const id of this.#behind.splice(0)) this.#options.alarms.clear(id, 'index-differs');
  }

  async #follow(changes: readonly ChangeRow[], isDown: Set<string>): Promise<void> {
    const done: number[] = [];
    const withoutVectors: number[] = [];
    for (const [change, sequences] of onceEach(changes)) {
      if (this.#isClosed) return;
      await this.#followWords(change);
      const hasVectors = await this.#followVectors(change, isDown);
      (hasVectors ? done : withoutVectors).push(...sequences);
    }
    await this.#feed.settle(done, 'all');
    await this.#feed.settle(withoutVectors, 'words');
  }

  async #followSkipped(position: number, isDown: Set<string>): Promise<void> {
    while (!this.#isClosed) {
      const changes = await this.#feed.withoutVectors(position);
      for (const [change, sequences] of onceEach(changes)) {
        if (this.#isClosed) return;
        if (await this.#followVectors(change, isDown)) await this.#feed.settle(sequences, 'all');
      }
      await this.#feed.prune(position);
      if (changes.length === 0 || isDown.size > 0) return;
    }
  }

  async #followWords({ base_id: baseId, document_id: documentId, space_id: spaceId }: ChangeRow): Promise<void> {
    if (spaceId !== null) return;
    if (documentId !== null) await this.#indexes.followWords(baseId, documentId);
    else await followBaseWords(this.#options.db, this.#indexes, baseId);
  }

  /** False when the vector store does not answer; it is then not asked again in this round. */
  async #followVectors(change: ChangeRow, isDown: Set<string>): Promise<boolean> {
    const { base_id: baseId, document_id: documentId, space_id: spaceId } = change;
    if (isDown.has(baseId)) return false;
    const { alarms, db } = this.#options;
    try {
      if (spaceId !== null) await this.#indexes.followSpace(baseId, spaceId);
      else if (documentId !== null) await this.#indexes.followVectors(baseId, documentId);
      else await followBaseVectors(db, this.#indexes, baseId);
      alarms.clear(baseId, 'vector-store-failed');
      this.#retryMs = FIRST_RETRY_MS;
      return true;
    } catch (error) {
      if (!(error instanceof ParleyError && error.code === 'vector_store_failed')) throw error;
      isDown.add(baseId);
      alarms.raise(baseId, { kind: 'vector-store-failed', message: error.message });
      this.#retryLater();
      return false;
    }
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.poke(), this.#retryMs).unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}

/** The last of those that say the same, with the places of all of them: what the rows hold now is followed once. */
function onceEach(changes: readonly ChangeRow[]): [ChangeRow, number[]][] {
  const same = Map.groupBy(changes, ({ base_id, document_id, space_id }) =>
    JSON.stringify([base_id, document_id, space_id]),
  );
  return [...same.values()].flatMap((rows): [ChangeRow, number[]][] => {
    const last = rows.at(-1);
    return last ? [[last, rows.map(({ sequence }) => sequence)]] : [];
  });
}
