import type { FastifyReply } from 'fastify';

/**
 * A signal that aborts when the caller goes away before the answer is finished. Taken from the
 * response: a request's own `close` comes as soon as its body is read, so it says nothing here.
 */
export function readerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  onReaderGone(reply, () => gone.abort());
  return gone.signal;
}

/** The same as a callback, called at most once, for where an AbortController a request is too much. */
export function onReaderGone({ raw }: FastifyReply, callback: () => void): void {
  raw.once('close', () => {
    if (!raw.writableFinished) callback();
  });
}
