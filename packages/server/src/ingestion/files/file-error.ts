import { ParleyError } from '@parley/contracts';

const SENTENCES: Record<string, string> = {
  ENOSPC: 'The file could not be stored: the disk is full.',
  EDQUOT: 'The file could not be stored: the disk space for this user is used up.',
  EROFS: 'The file could not be stored: the disk is write-protected.',
  EACCES: 'The file could not be stored: Parley may not write to its folder.',
  EPERM: 'The file could not be stored: Parley may not write to its folder.',
  EIO: 'The disk reported an error.',
  EMFILE: 'The file could not be stored: too many files are open.',
};
const SENDER_LEFT = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'ABORT_ERR']);

/** What the disk says as `storage_failed`, a sender that left as `request_aborted`; every other error as it is. */
export function toFileError(error: unknown): unknown {
  const code = String((error as { code?: unknown }).code);
  const sentence = SENTENCES[code];
  if (sentence !== undefined) return new ParleyError('storage_failed', sentence, { cause: error });
  if (SENDER_LEFT.has(code)) {
    return new ParleyError('request_aborted', 'The file was not sent to its end.', { cause: error });
  }
  return error;
}
