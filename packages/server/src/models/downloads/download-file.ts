import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError } from '@parley/contracts';
import { createAgent, type HttpAgent } from '@parley/service-kit';
import type { GgufHeader } from '@parley/service-kit/gguf';
import { checkFile } from './check-file.ts';
import { toDiskError } from './disk-error.ts';
import { ProgressMeter, type DownloadProgress } from './download-progress.ts';
import { findExisting } from './find-existing.ts';
import { readDiskSpace, type DiskSpace } from './free-space.ts';
import type { FileSource, HubSettings } from './model-source.ts';
import { createOpener } from './open-remote.ts';
import { discardPart, PartFile, partPath, placePart, type OpenPart } from './part-file.ts';
import { Transfer } from './transfer.ts';

export interface DownloadJob {
  source: FileSource;
  /** The models folder; made when missing. */
  folder: string;
  /** The digest that the file must have, in hex; else the hub's own is used. */
  sha256: string | null;
  hub: HubSettings;
  /** It is one of several files of a model, and the others are not all there yet. */
  isPartOfModel?: boolean;
  /** Opens private addresses too, beside those of the hub's endpoints. */
  allowPrivate: boolean;
  /** Ends it; what came so far stays, and a later download goes on there. */
  signal: AbortSignal;
  /** At most four times a second. */
  onProgress: (progress: DownloadProgress) => void;
}

export interface DownloadedFile {
  path: string;
  sizeBytes: number;
  sha256: string;
  header: GgufHeader;
}

/** What tests put in the place of the world. */
export interface DownloadSeams {
  /** Milliseconds that only go forward. */
  now?: () => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Silence of a server after which it is given up. */
  stallMs?: number;
  openPart?: OpenPart;
  readSpace?: (folder: string) => Promise<DiskSpace>;
}

export const waitReally = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal });

/**
 * Fetches one model file into the models folder, going on where an earlier try of the same source
 * stopped, and puts it in place once its checksum and its header are right. A file that is there and
 * is the same is not fetched again. Throws `disk_full`, `download_failed`, `download_mismatch`,
 * `model_file_unreadable`, `name_taken`, `storage_failed`, the guard's `url_…`, and `request_aborted`.
 */
export async function downloadFile(job: DownloadJob, seams: DownloadSeams = {}): Promise<DownloadedFile> {
  return withAgent(job, (agent) => fetchAndPlace({ ...job, agent }, seams));
}

/** Does work of a download that the folder and connections are needed for; turns what it throws into words. */
export async function withAgent<Value>(
  { source, folder, signal }: Pick<DownloadJob, 'source' | 'folder' | 'signal'>,
  work: (agent: HttpAgent) => Promise<Value>,
): Promise<Value> {
  const { file } = source;
  const agent = createAgent({ connectTimeoutMs: 0 });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await work(agent);
  } catch (error) {
    if (signal.aborted) {
      throw new ParleyError('request_aborted', `The download of "${file}" was ended.`, { cause: error });
    }
    throw toDiskError(error, file);
  } finally {
    agent.destroy();
  }
}

async function fetchAndPlace(job: DownloadJob & { agent: HttpAgent }, seams: DownloadSeams): Promise<DownloadedFile> {
  const { source, folder, signal } = job;
  const target = join(folder, source.file);
  const open = createOpener(source, job);
  const meter = new ProgressMeter({ report: job.onProgress, now: seams.now ?? (() => performance.now()) });
  const found = await stat(target).catch(() => null);
  if (found) {
    meter.checking(found.size);
    const checked = await findExisting({ ...job, open, target, sizeBytes: found.size });
    return { path: target, sizeBytes: found.size, ...checked };
  }
  const part = await PartFile.open({ target, source: source.source, openPart: seams.openPart });
  try {
    await new Transfer({
      ...job,
      open,
      part,
      meter,
      wait: seams.wait ?? waitReally,
      stallMs: seams.stallMs ?? 30_000,
      readSpace: seams.readSpace ?? readDiskSpace,
    }).run();
  } catch (error) {
    if (isUseless(error) || part.state.received === 0) await discardPart(target, source.source);
    throw error;
  } finally {
    await part.close();
  }
  meter.checking(part.state.received);
  const expected = job.sha256 ?? part.state.digest;
  const checked = await checkFile(partPath(target), { file: source.file, expected, signal }).catch(
    async (error: unknown) => {
      if (isUseless(error)) await discardPart(target, source.source);
      throw error;
    },
  );
  await placePart(target, { folder, keepsNotes: job.isPartOfModel ?? false });
  return { path: target, sizeBytes: part.state.received, ...checked };
}

/** What is there will never become the file. */
function isUseless(error: unknown): boolean {
  return error instanceof ParleyError && (error.code === 'download_mismatch' || error.code === 'model_file_unreadable');
}
