import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { ParleyError } from '@parley/contracts';

/**
 * Reads a body whole, unpacking gzip. The limit counts what comes out, so that a small packed body
 * cannot become a large one. Throws `document_too_large`, and `url_unreachable` for one that breaks.
 */
export async function readBounded(response: IncomingMessage, { maxBytes }: { maxBytes: number }): Promise<Buffer> {
  const encoding = response.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const announced = Number(response.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of await unpack(response, encoding)) {
      size += (piece as Buffer).length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    throw new ParleyError('url_unreachable', 'The page broke off before its end.', { cause: error });
  }
  return Buffer.concat(pieces);
}

async function unpack(response: IncomingMessage, encoding: string): Promise<Readable> {
  if (encoding === 'identity' || encoding === '') return response;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new ParleyError('document_unreadable', `The page is packed as ${encoding}, which was not asked for.`);
  }
  const { createGunzip } = await import('node:zlib');
  const unpacked = createGunzip();
  // A body that breaks must break the reading too; `pipe` alone passes no errors on.
  response.once('error', (error) => unpacked.destroy(error));
  unpacked.once('close', () => response.destroy());
  return response.pipe(unpacked);
}

function tooLarge(maxBytes: number): ParleyError {
  const megabytes = Math.round(maxBytes / 1024 / 1024);
  const limit = megabytes > 0 ? `${megabytes} MB` : `${maxBytes} bytes`;
  return new ParleyError('document_too_large', `The page is larger than ${limit}, the most that is read.`);
}
