import { ParleyError, type ErrorCode } from '@parley/contracts';

/** What is said of a document that could not be read. What a parser throws of its own means damage; its words are for programmers. */
export function toReadError(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof ParleyError) return { code: error.code, message: error.message };
  if (isOutOfMemory(error)) {
    return { code: 'document_bomb', message: 'Reading this document needs more memory than it may have.' };
  }
  return { code: 'document_unreadable', message: 'This document is damaged, or not what its name says.' };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|invalid (?:array|string) length/i.test(error.message);
}
