import type { FastifyReply } from 'fastify';
import type { ErrorBody } from '@parley/contracts';
import { EVENT_STREAM_HEADERS, toEventStreamText } from '@parley/service-kit';
import type { RequestClock } from './request-clocks.ts';

// The reply as an event stream. Two have something to say in it, the queue and then the worker, and
// either may be the first; what is shared is kept by the reply itself, so that a request that is
// not streamed pays nothing for it.

/** Whether the caller has got the head of a stream; from then on all that comes belongs into that stream. */
export function isStreamOpen(reply: FastifyReply): boolean {
  return reply.raw.headersSent;
}

/** Opens the stream, if nobody has. The reply is no longer Fastify's then. */
export function openStream(reply: FastifyReply, clock: RequestClock, status = 200): void {
  if (isStreamOpen(reply)) return;
  reply.header('openai-processing-ms', clock.elapsedMs());
  reply.hijack();
  // What hooks have set (request id, CORS) is Fastify's; a hijacked reply has to carry it over.
  reply.raw.writeHead(status, { ...(reply.getHeaders() as Record<string, string>), ...EVENT_STREAM_HEADERS });
  reply.raw.flushHeaders();
}

/** Ends the stream with an error event and without `[DONE]`. */
export function failStream({ raw }: FastifyReply, body: ErrorBody): void {
  // A reader that has left, or has had the end; writing to it would be an error of ours.
  if (raw.destroyed || raw.writableEnded) return;
  raw.end(toEventStreamText({ data: JSON.stringify(body) }));
}
