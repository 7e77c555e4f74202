import { ParleyError } from '@parley/contracts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const REFUSED = new Set(['EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENOTDIR', 'ENOENT']);

/** What the disk says as `disk_full` or `storage_failed`; every other error as it is. */
export function toDiskError(error: unknown, file: string): unknown {
  const code = String((error as { code?: unknown } | null)?.code);
  if (FULL.has(code)) {
    const sentence = `The disk is full: "${file}" does not fit. Make room, and try again; what is there is kept.`;
    return new ParleyError('disk_full', sentence, { cause: error });
  }
  if (!REFUSED.has(code)) return error;
  return new ParleyError('storage_failed', `The disk would not store "${file}" in the models folder (${code}).`, {
    cause: error,
  });
}
