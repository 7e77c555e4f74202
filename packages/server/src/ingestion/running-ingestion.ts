import type { Readable } from 'node:stream';
import type { Transaction } from 'kysely';
import type { AddPagesRequest, BaseAlarm, EmbeddingSpace, IndexReport } from '@parley/contracts';
import type { Database } from '../database/schema.ts';
import type { AlarmBoard } from '../retrieval/alarm-board.ts';
import type { Announcer } from './announcer.ts';
import type { StartedIngestion } from './create-ingestion.ts';
import type { DocumentSwitches } from './changes/document-switches.ts';
import type { DocumentWork, TextEdit } from './changes/document-work.ts';
import type { Intake } from './changes/intake.ts';
import type { Removal } from './changes/removal.ts';
import type { FileStore } from './files/file-store.ts';
import type { IndexFollower } from './follow/index-follower.ts';
import type { StoredFile } from './ingestion.ts';
import type { Janitor } from './janitor.ts';
import type { JobRunner } from './jobs/job-runner.ts';
import type { SpacesService } from './spaces.service.ts';

export interface RunningIngestionParts {
  files: FileStore;
  intake: Intake;
  work: DocumentWork;
  switches: DocumentSwitches;
  removal: Removal;
  spaces: SpacesService;
  follower: IndexFollower;
  runner: JobRunner;
  janitor: Janitor;
  alarms: AlarmBoard;
  announcer: Announcer;
}

/** The port, handed on to those who do it. */
export class RunningIngestion implements StartedIngestion {
  readonly #parts: RunningIngestionParts;
  #closing: Promise<void> | null = null;

  constructor(parts: RunningIngestionParts) {
    this.#parts = parts;
  }

  start(): void {
    const { runner, janitor, follower } = this.#parts;
    runner.start();
    janitor.start();
    follower.start();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  storeFile(bytes: Readable): Promise<StoredFile> {
    return this.#parts.files.store(bytes);
  }

  filePath(hash: string): string | null {
    return this.#parts.files.pathOf(hash);
  }

  addFile(baseId: string, file: StoredFile & { name: string; mediaType: string }): Promise<string> {
    return this.#parts.intake.addFile(baseId, file);
  }

  addPages(baseId: string, request: AddPagesRequest): Promise<string[]> {
    return this.#parts.intake.addPages(baseId, request);
  }

  caughtUp(baseIds: readonly string[]): Promise<void> {
    return this.#parts.follower.caughtUp(baseIds);
  }

  cancel(documentId: string): Promise<void> {
    return this.#parts.work.cancel(documentId);
  }

  retry(documentId: string): Promise<void> {
    return this.#parts.work.retry(documentId);
  }

  editText(documentId: string, edit: TextEdit): Promise<void> {
    return this.#parts.work.edit(documentId, edit);
  }

  setDocumentEnabled(documentId: string, isEnabled: boolean): Promise<void> {
    return this.#parts.switches.setEnabled(documentId, isEnabled);
  }

  setDocumentTitle(documentId: string, title: string): Promise<void> {
    return this.#parts.switches.setTitle(documentId, title);
  }

  setChunkEnabled(chunkId: string, isEnabled: boolean): Promise<void> {
    return this.#parts.switches.setChunkEnabled(chunkId, isEnabled);
  }

  splitAnew(baseId: string, trx: Transaction<Database>): Promise<void> {
    return this.#parts.work.splitAnew(baseId, trx);
  }

  removeDocument(documentId: string): Promise<void> {
    return this.#parts.removal.removeDocument(documentId);
  }

  removeBase(baseId: string): Promise<void> {
    return this.#parts.removal.removeBase(baseId);
  }

  chooseEmbeddingModel(baseId: string, model: string | null): Promise<void> {
    return this.#parts.spaces.choose(baseId, model);
  }

  activateSpace(baseId: string, spaceId: string): Promise<void> {
    return this.#parts.spaces.activate(baseId, spaceId);
  }

  spaces(baseId: string): Promise<EmbeddingSpace[]> {
    return this.#parts.spaces.list(baseId);
  }

  verify(baseId: string): Promise<IndexReport> {
    return this.#parts.follower.verify(baseId);
  }

  rebuild(baseId: string): Promise<IndexReport> {
    return this.#parts.follower.rebuild(baseId);
  }

  alarms(baseId: string): BaseAlarm[] {
    return this.#parts.alarms.of(baseId);
  }

  // First those who write, then what follows them.
  async #close(): Promise<void> {
    const { runner, janitor, follower, announcer } = this.#parts;
    await runner.close();
    await janitor.close();
    await follower.close();
    announcer.close();
  }
}
