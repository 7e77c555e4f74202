import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { readModelHeader, type GgufHeader } from '@parley/service-kit/gguf';
import { downloadFile, waitReally, withAgent, type DownloadJob, type DownloadSeams } from './download-file.ts';
import { readDiskSpace, requireSpace } from './free-space.ts';
import { JointProgress } from './joint-progress.ts';
import { measureFile, type FileMeasure } from './measure-file.ts';
import type { FileSource, ModelSource } from './model-source.ts';
import { createOpener } from './open-remote.ts';
import { countReceived, removeNotes } from './part-file.ts';

export interface ModelJob extends Omit<DownloadJob, 'isPartOfModel'> {
  source: ModelSource;
}

export interface DownloadedModel {
  /** Of its first file. */
  path: string;
  /** Of all its files. */
  sizeBytes: number;
  /** Null for a model of several files. */
  sha256: string | null;
  header: GgufHeader;
}

/**
 * Fetches a model into the models folder: its file, or one after the other the files that it is split
 * into, each as `downloadFile` does. What is missing of all of them must fit the disk before the first
 * byte. Throws what `downloadFile` throws, and names the file.
 */
export async function downloadModel(job: ModelJob, seams: DownloadSeams = {}): Promise<DownloadedModel> {
  const { source, folder } = job;
  if (source.files.length === 1) return downloadFile(job, seams);
  const parts = await measureParts(job, seams);
  const progress = new JointProgress(parts, job.onProgress);
  const readSpace = seams.readSpace ?? readDiskSpace;
  requireSpace(await readSpace(folder), progress.missing, source.file);
  progress.begin();
  let sizeBytes = 0;
  for (const [index, { file, digest }] of parts.entries()) {
    const more = { source: file, sha256: digest, isPartOfModel: true, onProgress: progress.of(index) };
    const fetched = await named(file, () => downloadFile({ ...job, ...more }, seams));
    sizeBytes += fetched.sizeBytes;
  }
  const path = join(folder, source.file);
  const header = await readModelHeader(path);
  for (const { file } of source.files) await removeNotes(join(folder, file));
  return { path, sizeBytes, sha256: null, header };
}

interface Part extends FileMeasure, LocalPart {}

interface LocalPart {
  file: FileSource;
  received: number;
  isThere: boolean;
}

/**
 * Asks for all files, also those that are there: all are to be of one edition, and the hub says which
 * that is today. Those that are there come first, so that one that is another is found before the rest is fetched.
 */
async function measureParts(job: ModelJob, { wait = waitReally }: DownloadSeams): Promise<Part[]> {
  return withAgent(job, async (agent) => {
    const found = await findParts(job);
    const received = found.reduce((sum, part) => sum + part.received, 0);
    const parts: Part[] = [];
    for (const part of found) {
      const open = createOpener(part.file, { ...job, agent });
      const options = { open, wait, received, signal: job.signal };
      parts.push({ ...part, ...(await named(part.file, () => measureFile(part.file, options))) });
    }
    return parts.toSorted((one, other) => Number(other.isThere) - Number(one.isThere));
  });
}

function findParts({ source, folder }: ModelJob): Promise<LocalPart[]> {
  return Promise.all(
    source.files.map(async (file) => {
      const target = join(folder, file.file);
      const found = await stat(target).catch(() => null);
      const received = found?.size ?? (await countReceived(target, file.source));
      return { file, received, isThere: found !== null };
    }),
  );
}

/** Of several files, a sentence must say which one it is about. */
async function named<Value>({ file }: FileSource, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ParleyError) || error.message.includes(file)) throw error;
    throw new ParleyError(error.code, `"${file}": ${error.message}`, { cause: error });
  }
}
