import { ParleyError } from '@parley/contracts';
import type { GgufHeader } from '@parley/service-kit/gguf';
import { checkFile } from './check-file.ts';
import type { FileSource } from './model-source.ts';
import type { OpenRemote } from './open-remote.ts';

export interface FindOptions {
  source: FileSource;
  target: string;
  sizeBytes: number;
  sha256: string | null;
  open: OpenRemote;
  signal: AbortSignal;
}

/** Checks that a file that is there is the one that is wanted. Throws `name_taken` when it is another, or nobody can tell. */
export async function findExisting(options: FindOptions): Promise<{ sha256: string; header: GgufHeader }> {
  const { source, target, sizeBytes, signal } = options;
  const wanted = options.sha256 === null ? await askRemote(options) : { size: null, digest: options.sha256 };
  const isOtherSize = wanted.size !== null && wanted.size !== sizeBytes;
  if (isOtherSize || (wanted.size === null && wanted.digest === null)) throw otherFile(source.file);
  try {
    return await checkFile(target, { file: source.file, expected: wanted.digest, signal });
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'download_mismatch') throw otherFile(source.file);
    throw error;
  }
}

async function askRemote(options: FindOptions): Promise<{ size: number | null; digest: string | null }> {
  const { source, open, signal } = options;
  let failure: unknown = null;
  for (const url of source.urls) {
    try {
      const { status, size, digest, body } = await open(url, null, signal);
      body.destroy();
      if (status === 200) return { size, digest };
    } catch (error) {
      failure = error;
    }
  }
  throw new ParleyError(
    'download_failed',
    `There is a file "${source.file}" already, and nobody could be asked whether it is the same one.`,
    { cause: failure },
  );
}

function otherFile(file: string): ParleyError {
  return new ParleyError('name_taken', `There is another file "${file}" in the models folder. Delete it first.`);
}
