import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { ParleyError } from '@parley/contracts';
import { readGgufHeader, requireNamedPart, type GgufHeader } from '@parley/service-kit/gguf';

const READ_BYTES = 1024 * 1024;

/** SHA-256 of a file in hex. Read from the disk, so that it speaks of what is really there. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path);
  try {
    const bytes = Buffer.allocUnsafe(READ_BYTES);
    while (true) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(bytes, 0, READ_BYTES);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(bytes.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

export interface CheckOptions {
  file: string;
  /** What the digest must be; null when nobody said it. */
  expected: string | null;
  signal: AbortSignal;
}

/** Throws `download_mismatch` or `model_file_unreadable` for a file that is not to be used. */
export async function checkFile(
  path: string,
  { file, expected, signal }: CheckOptions,
): Promise<{ sha256: string; header: GgufHeader }> {
  const sha256 = await hashFile(path, signal);
  if (expected !== null && sha256 !== expected.toLowerCase()) {
    throw new ParleyError('download_mismatch', `The checksum of "${file}" is not the one that it should have.`);
  }
  const header = await readGgufHeader(path, { name: file });
  requireNamedPart(header, file);
  return { sha256, header };
}
