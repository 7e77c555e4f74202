import { basename } from 'node:path';
import { InsufficientMemoryError } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';

const DAMAGED = /not within the file bounds|corrupted or incomplete|exceeds remaining|has offset \d+, expected/;

/** Why a file could not be loaded, in a sentence; llama.cpp itself only says that it failed, and logs the reason. */
export function loadFailure(path: string, cause: unknown, problems: readonly string[]): ParleyError {
  const file = basename(path);
  if (cause instanceof ParleyError) return cause;
  if (cause instanceof InsufficientMemoryError) {
    const message = `${file} does not fit the memory that is free. Choose a smaller file or a shorter context.`;
    return new ParleyError('model_too_large', message, { cause });
  }
  const text = problems.join('\n');
  if (DAMAGED.test(text)) return unreadable(`The file ${file} is damaged; download it again.`, cause);
  return unreadable(`The file ${file} cannot be read as a model.`, cause);
}

export function unreadable(message: string, cause?: unknown): ParleyError {
  return new ParleyError('model_file_unreadable', message, { cause });
}
