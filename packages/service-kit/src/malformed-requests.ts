import type { Socket } from 'node:net';
import { ParleyError } from '@parley/contracts';

const SENTENCES: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The headers of the request are longer than this service accepts.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time.',
};

/**
 * Answers what Node could not read as HTTP, before Fastify ever sees a request; the error object is
 * the same as everywhere. A connection on which nothing was asked is closed without a word.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesRead === 0) {
    socket.destroy();
    return;
  }
  const sentence = SENTENCES[error.code ?? ''] ?? 'The request could not be read as HTTP.';
  const refusal = new ParleyError('invalid_request', sentence);
  const body = JSON.stringify(refusal.toBody());
  const head = [
    `HTTP/1.1 ${refusal.status} Bad Request`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  // Whoever does not take the end either is not waited for.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
