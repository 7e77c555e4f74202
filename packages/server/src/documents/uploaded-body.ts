import { finished, PassThrough, Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import { MAX_FILE_BYTES, ParleyError } from '@parley/contracts';

/** A file that is on its way in a request. */
export interface Upload {
  /** As it is shown. */
  name: string;
  mediaType: string;
  bytes: Readable;
}

/** Throws `document_too_large` when a request announces more than a file may have, before a byte of it is read. */
export function refuseTooLarge(headers: IncomingHttpHeaders): void {
  if (Number(headers['content-length'] ?? 0) > MAX_FILE_BYTES) {
    throw new ParleyError('document_too_large', `A file may have at most ${MAX_FILE_BYTES / 1024 ** 2} MB.`);
  }
}

/**
 * The body of a request as a stream of its own: whoever gives up on it destroys this one and not the
 * connection, which still has to carry the answer that says why. What is left is then read and
 * forgotten, since most clients listen only once they have said all. A body that breaks off breaks it.
 */
export function toUploadedBytes(body: unknown): Readable {
  if (!(body instanceof Readable)) return Readable.from([]);
  const bytes = new PassThrough();
  body.pipe(bytes);
  bytes.once('close', () => body.resume());
  // Also while nobody reads yet: an error without a listener would end the server.
  bytes.on('error', () => undefined);
  finished(body, { writable: false }, (error) => {
    if (error)
      bytes.destroy(new ParleyError('request_aborted', 'The file broke off before its end.', { cause: error }));
  });
  return bytes;
}
