import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError, type CreateModelRequest, type ModelDownload } from '@parley/contracts';
import type { ModelAdminClient } from '../client/model-admin-client.ts';
import { requireRunningSystem, withSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { DownloadLine } from '../models/download-line.ts';
import { untilInterrupted } from '../terminal/until-interrupted.ts';
import type { Messages } from '../terminal/messages.ts';
import { toTable } from '../terminal/table.ts';
import { toLocalSettings, type LocalOptions } from './local-options.ts';
import type { JsonOption } from './models.ts';

const POLL_MS = 500;
/** Half a minute. */
const MISSES_ENDURED = 60;

export interface PullOptions {
  sha256?: string;
  /** False with `--no-add`. */
  add: boolean;
}

/**
 * `parley models pull <source>`: waits until the file is there. Interrupted, a running system goes on
 * with it; a system that was started for this command goes on the next time.
 */
export async function pullModel(context: CommandContext, source: string, options: PullOptions): Promise<void> {
  const { say } = context;
  await withSystem(context, async ({ models, isTemporary }) => {
    const { sha256, add } = options;
    const begun = await models.pull({ source, add_model: add, ...(sha256 === undefined ? {} : { sha256 }) });
    const ended = await followDownload(models, begun, say);
    if (ended === null) return console.error(isTemporary ? say.models.goesOnLater : say.models.goesOn(begun.id));
    if (ended.state === 'done') console.log(say.models.pulled(ended.file));
    // Also of a file that is there, and of which no model could be made.
    if (ended.error) throw new CommandError(say.failure(ended.error.code, ended.error.message));
    if (ended.model !== null) console.log(say.models.added(ended.model));
  });
}

/** The download at its end; null when the person leaves before. */
async function followDownload(
  models: ModelAdminClient,
  begun: ModelDownload,
  say: Messages,
): Promise<ModelDownload | null> {
  const line = new DownloadLine(process.stderr, say);
  const list = patiently(() => models.downloads());
  try {
    return await untilInterrupted(async (signal) => {
      let download = begun;
      while (download.state !== 'done' && download.state !== 'failed') {
        line.show(download);
        await delay(POLL_MS, undefined, { signal });
        const downloads = await list();
        const found = downloads?.find(({ id }) => id === begun.id);
        if (downloads && !found) throw new CommandError(say.models.wasCancelled);
        download = found ?? download;
      }
      return download;
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return null;
    throw error;
  } finally {
    line.end();
  }
}

/** The same, but null while the server does not answer: the launcher starts it again, and its downloads go on. */
function patiently<Answer>(ask: () => Promise<Answer>): () => Promise<Answer | null> {
  let misses = 0;
  return async () => {
    try {
      const answer = await ask();
      misses = 0;
      return answer;
    } catch (error) {
      misses += 1;
      if (misses > MISSES_ENDURED || !(error instanceof ParleyError) || error.code !== 'provider_failed') throw error;
      return null;
    }
  };
}

/** `parley models library`: what can be pulled, and what is here. */
export async function listLibrary(context: CommandContext, { json }: JsonOption): Promise<void> {
  const { models: say } = context.say;
  const { models } = requireRunningSystem(context);
  const [library, { models_folder: folder }] = await Promise.all([models.library(), models.overview()]);
  if (json) return console.log(JSON.stringify(library));
  const known = library.models.map(({ source, label, size_bytes: size, memory_bytes: memory, licence }) => [
    source,
    label,
    say.gigabytes(size),
    say.gigabytes(memory),
    licence,
  ]);
  console.log(toTable([say.libraryHead, ...known]));
  if (library.files.length === 0) return;
  const here = library.files.map(({ file, size_bytes: size, used_by: users }) => [
    file,
    say.gigabytes(size),
    users.join(', ') || '–',
  ]);
  console.log(`\n${say.files(folder)}\n${toTable([say.fileHead, ...here])}`);
}

export interface AddFileOptions extends LocalOptions {
  name?: string;
}

/** `parley models add <file>`. */
export async function addModelFile(context: CommandContext, file: string, options: AddFileOptions): Promise<void> {
  const { say } = context;
  const { name } = options;
  const request: CreateModelRequest = {
    file: toModelFile(file),
    ...(name === undefined ? {} : { name }),
    local: toLocalSettings(options, say),
  };
  const model = await requireRunningSystem(context).models.add(request);
  console.log(say.models.added(model.name));
}

/** What lies where the command is called goes before the folder of models, which the server knows. */
function toModelFile(file: string): string {
  const path = resolve(file);
  return existsSync(path) ? path : file;
}

/** `parley models downloads`. */
export async function listDownloads(context: CommandContext, { json }: JsonOption): Promise<void> {
  const { say } = context;
  const downloads = await requireRunningSystem(context).models.downloads();
  if (json) return console.log(JSON.stringify({ downloads }));
  if (downloads.length === 0) return console.log(say.models.noDownloads);
  const rows = downloads.map(({ id, file, state, received_bytes: received, size_bytes: size }) => [
    id,
    file,
    say.models.downloadStates[state],
    size === null
      ? say.models.megabytes(received)
      : `${say.models.megabytes(received)} / ${say.models.megabytes(size)}`,
  ]);
  console.log(toTable([say.models.downloadHead, ...rows]));
  for (const { file, error } of downloads)
    if (error) console.error(`${file}: ${say.failure(error.code, error.message)}`);
}

/** `parley models cancel <download>`. */
export async function cancelDownload(context: CommandContext, id: string): Promise<void> {
  const { say } = context;
  const { models } = requireRunningSystem(context);
  const download = (await models.downloads()).find((candidate) => candidate.id === id);
  await models.cancelDownload(id);
  console.log(download?.state === 'done' ? say.models.doneAlready(download.file) : say.models.cancelled);
}
