import { basename } from 'node:path';
import { ParleyError } from '@parley/contracts';

const CUT_OFF = /not within the file bounds|corrupted or incomplete|exceeds remaining file size/;
const UNKNOWN_KIND = /unknown model architecture: '([^']+)'/;

/** Why a file could not be loaded, in a sentence; llama.cpp itself only says that it failed, and logs the reason. */
export function loadFailure(path: string, cause: unknown, problems: readonly string[]): ParleyError {
  const file = basename(path);
  if (cause instanceof ParleyError) return cause;
  const text = problems.join('\n');
  if (CUT_OFF.test(text)) return unreadable(`The file ${file} is damaged or cut off; download it again.`, cause);
  const kind = UNKNOWN_KIND.exec(text)?.[1];
  if (kind !== undefined) {
    return unreadable(`The file ${file} is a model of the kind ${kind}, which this llama.cpp does not know.`, cause);
  }
  return unreadable(`The file ${file} cannot be read as a model.`, cause);
}

export function unreadable(message: string, cause?: unknown): ParleyError {
  return new ParleyError('model_file_unreadable', message, { cause });
}
