import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { ParleyError, type ModelDownload, type ModelLibrary } from '@parley/contracts';
import { filesOfModel, firstFileOf } from '@parley/service-kit/split-files';
import type { ModelDownloadTable } from '../../database/schema.ts';
import type { downloadModel as download } from './download-model.ts';
import { DownloadQueue, type RunningDownload } from './download-queue.ts';
import { toDownload } from './download-view.ts';
import type { DownloadsRepository } from './downloads.repository.ts';
import { modelLibrary } from './library.ts';
import { parseModelSource, type HubSettings, type ModelSource } from './model-source.ts';
import { deleteModelFile, findModels, type UsersOfFiles } from './models-folder.ts';
import { discardBrought, discardPart, sweepParts } from './part-file.ts';

const MOST_AT_ONCE = 2;

export interface NewDownload {
  source: string;
  sha256?: string | null | undefined;
  add_model: boolean;
}

export interface ModelDownloadsOptions {
  repository: DownloadsRepository;
  /** The models folder. */
  folder: string;
  hub: HubSettings;
  allowPrivate: boolean;
  /** Answers the name of the model of a file of the folder; makes one where there is none. */
  addModel: (file: string) => Promise<string>;
  usersOfFiles: UsersOfFiles;
  now: () => number;
  newId: () => string;
  logger: FastifyBaseLogger;
}

/** Downloads of model files: two at once, others wait; they survive a restart and go on by themselves. */
export class ModelDownloads {
  readonly #options: ModelDownloadsOptions;
  readonly #queue: DownloadQueue;
  /** Changes run one after the other: two requests for one source must not both find that there is none. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ModelDownloadsOptions) {
    this.#options = options;
    this.#queue = new DownloadQueue({ limit: MOST_AT_ONCE, run: (id, running) => this.#run(id, running) });
  }

  /** Goes on with what a stop or a crash has interrupted, the oldest first, and removes what no download will go on with. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { repository, folder } = this.#options;
      const rows = await repository.list();
      for (const row of rows.toReversed().filter(isUnderWay)) await this.#enqueue(row.id);
      await sweepParts(folder, new Set(rows.flatMap(({ file }) => filesOfModel(file))));
    });
  }

  /** Pauses what runs; it goes on at the next start. */
  async close(): Promise<void> {
    await this.#queue.close();
    await this.#turn;
  }

  /** Newest first. */
  async list(): Promise<ModelDownload[]> {
    const rows = await this.#options.repository.list();
    return rows.map((row) => toDownload(row, this.#queue.progressOf(row.id)));
  }

  /** What can be had, and what is there; of a split model that is still coming nothing is shown. */
  async library(): Promise<ModelLibrary> {
    const { repository, folder, usersOfFiles } = this.#options;
    const [rows, found] = await Promise.all([repository.list(), findModels(folder, usersOfFiles)]);
    const shown = found.filter(({ model, isIncomplete }) => !isIncomplete || !isNameTaken(rows, model.file));
    return { models: [...modelLibrary], files: shown.map(({ model }) => model) };
  }

  /** Throws `not_found`, and `invalid_request` for a file that a model uses, or that is being downloaded. */
  deleteFile(file: string): Promise<void> {
    return this.#inTurn(async () => {
      const { repository, folder, usersOfFiles } = this.#options;
      const isComing = isNameTaken(await repository.list(), firstFileOf(file)) && filesOfModel(file).length > 1;
      if (isComing) {
        throw new ParleyError('invalid_request', `"${file}" is being downloaded; cancel that instead.`);
      }
      await deleteModelFile(folder, file, usersOfFiles);
    });
  }

  /**
   * Begins a download, or answers the one that brings the same source already. Throws `invalid_request`
   * for a source that is none or a checksum for several files, and `name_taken` when another source is being stored under its name.
   */
  begin(asked: NewDownload): Promise<ModelDownload> {
    const source = parseModelSource(asked.source, this.#options.hub);
    requireNoDigest(source, asked);
    return this.#inTurn(async () => {
      const { repository } = this.#options;
      const rows = await repository.list();
      const same = rows.find((row) => row.source === source.source);
      if (same && isUnderWay(same)) return this.#view(same.id);
      requireFreeName(rows, source.file);
      if (same) await repository.remove(same.id);
      const id = await this.#insert(source, asked);
      await this.#enqueue(id);
      return this.#view(id);
    });
  }

  /** Tries a failed one again, from where it stopped. Throws `download_not_found`, and `name_taken` as `begin` does. */
  resume(id: string): Promise<ModelDownload> {
    return this.#inTurn(async () => {
      const { state, file } = await this.#find(id);
      if (state === 'failed') {
        requireFreeName(await this.#options.repository.list(), file);
        await this.#enqueue(id);
      }
      return this.#view(id);
    });
  }

  /** Ends it and removes what came; a model that is whole stays. Throws `download_not_found`. */
  cancel(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { repository } = this.#options;
      const row = await this.#find(id);
      await this.#queue.cancel(id);
      await repository.remove(id);
      const others = await repository.list();
      // One that failed may have left its name to another source, whose bytes come in there now.
      if (!isNameTaken(others, row.file)) await this.#discard(row);
    });
  }

  /** A file that is whole stays, unless it is one of several that are not all there. */
  async #discard({ source }: ModelDownloadTable): Promise<void> {
    const { folder, hub } = this.#options;
    const { files } = parseModelSource(source, hub);
    const discard = files.length > 1 ? discardBrought : discardPart;
    for (const one of files) await discard(join(folder, one.file), one.source);
  }

  async #insert({ source, file }: ModelSource, { sha256, add_model: addModel }: NewDownload): Promise<string> {
    const { repository, now, newId } = this.#options;
    const [id, time] = [newId(), now()];
    await repository.insert({
      id,
      source,
      file,
      state: 'queued',
      received_bytes: 0,
      size_bytes: null,
      etag: null,
      sha256: sha256?.toLowerCase() ?? null,
      error: null,
      add_model: Number(addModel),
      model: null,
      created_at: time,
      updated_at: time,
    });
    return id;
  }

  async #enqueue(id: string): Promise<void> {
    const { repository, now } = this.#options;
    await repository.update(id, { state: 'queued', error: null }, now());
    this.#queue.add(id);
  }

  async #run(id: string, running: RunningDownload): Promise<void> {
    const { repository, now, logger } = this.#options;
    try {
      const row = await repository.find(id);
      if (!row) return;
      await repository.update(id, { state: 'running' }, now());
      await this.#fetch(row, running);
      // Without the address, which may hold somebody's signature.
      logger.info({ file: row.file }, 'a model file is downloaded');
    } catch (error) {
      await this.#end(id, error, running).catch((cause: unknown) => {
        logger.error({ download: id, err: cause }, 'the end of a download could not be stored');
      });
    }
  }

  async #fetch(row: ModelDownloadTable, { signal, onProgress }: RunningDownload): Promise<void> {
    const { repository, folder, hub, allowPrivate, addModel, now } = this.#options;
    const downloadModel = await loadDownloader();
    const source = parseModelSource(row.source, hub);
    const job = { source, folder, hub, allowPrivate, sha256: row.sha256, signal, onProgress };
    const { sizeBytes, sha256 } = await downloadModel(job);
    const there = { received_bytes: sizeBytes, size_bytes: sizeBytes, sha256 };
    // Stored before the model is made: after a crash in between, the file is known again without its hub.
    await repository.update(row.id, { ...there, state: 'checking' }, now());
    if (row.add_model === 0) return repository.update(row.id, { state: 'done' }, now());
    const made = await addModel(source.file).then(
      (model) => ({ model }),
      (error: unknown) => ({ error: toStoredError(error) }),
    );
    await repository.update(row.id, { ...made, state: 'done' }, now());
  }

  async #end(id: string, error: unknown, { signal }: RunningDownload): Promise<void> {
    const { repository, now, logger } = this.#options;
    const progress = this.#queue.progressOf(id);
    const known = progress && { received_bytes: progress.receivedBytes, size_bytes: progress.sizeBytes };
    if (signal.aborted) {
      if (signal.reason === 'stop') await repository.update(id, { ...known, state: 'paused' }, now());
      return;
    }
    logger.warn({ download: id, err: error }, 'a download failed');
    await repository.update(id, { ...known, state: 'failed', error: toStoredError(error) }, now());
  }

  async #find(id: string): Promise<ModelDownloadTable> {
    const row = await this.#options.repository.find(id);
    if (!row) throw new ParleyError('download_not_found', 'There is no such download.');
    return row;
  }

  async #view(id: string): Promise<ModelDownload> {
    return toDownload(await this.#find(id), this.#queue.progressOf(id));
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function isUnderWay({ state }: ModelDownloadTable): boolean {
  return state !== 'done' && state !== 'failed';
}

/** Each file of a split model has a checksum of its own; one alone could only be wrong. */
function requireNoDigest({ files }: ModelSource, { sha256 }: NewDownload): void {
  if (files.length === 1 || typeof sha256 !== 'string') return;
  const sentence = `This model is split into ${files.length} files, and a checksum is one file's. Leave it out: each file is compared with the hub's own.`;
  throw new ParleyError('invalid_request', sentence, { param: 'sha256' });
}

/** Two that are written to one part would mix their bytes. */
function isNameTaken(rows: readonly ModelDownloadTable[], file: string): boolean {
  return rows.some((row) => isUnderWay(row) && row.file === file);
}

function requireFreeName(rows: readonly ModelDownloadTable[], file: string): void {
  if (!isNameTaken(rows, file)) return;
  throw new ParleyError('name_taken', `Another download is being stored as "${file}" just now.`);
}

// With the first download: a server that fetches none need not hold it.
async function loadDownloader(): Promise<typeof download> {
  const { downloadModel } = await import('./download-model.ts');
  return downloadModel;
}

function toStoredError(error: unknown): string {
  const known =
    error instanceof ParleyError ? error : new ParleyError('internal_error', 'Something went wrong inside.');
  return JSON.stringify({ code: known.code, message: known.message });
}
