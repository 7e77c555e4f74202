import type { FastifyReply } from 'fastify';

/**
 * A signal that aborts when the caller goes away before the answer is finished. Taken from the
 * response: a request's own `close` comes as soon as its body is read, so it says nothing here.
 */
export function readerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
