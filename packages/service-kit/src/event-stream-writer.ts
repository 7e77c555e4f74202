import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** One SSE message (WHATWG HTML, 9.2). `data` holds no line breaks; JSON never does. */
export interface EventStreamFrame {
  id?: string | number;
  event?: string | null;
  data: string;
}

export interface EventStreamWriter {
  /** Writes one message; resolves once the socket takes more. Does nothing after the reader left. */
  write(frame: EventStreamFrame): Promise<void>;
  /** Ends the response. */
  end(): void;
}

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Longest silence on a stream, in ms: proxies cut what is quiet for longer. */
const PING_INTERVAL_MS = 15_000;

/**
 * Takes the reply over and streams SSE on it. A comment is written in each silence of 15 s. The
 * caller ends the stream; a reader that leaves ends its timer by itself.
 */
export function openEventStream(reply: FastifyReply): EventStreamWriter {
  const { raw } = reply;
  reply.hijack();
  // Headers that hooks have set (request id, CORS) are Fastify's; a hijacked reply has to carry them over.
  raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...EVENT_STREAM_HEADERS });
  raw.flushHeaders();
  const ping = setInterval(() => raw.write(': ping\n\n'), PING_INTERVAL_MS);
  raw.once('close', () => clearInterval(ping));
  return {
    async write(frame) {
      if (raw.closed || raw.destroyed) return;
      ping.refresh();
      if (!raw.write(toEventStreamText(frame))) await drained(raw);
    },
    end() {
      clearInterval(ping);
      raw.end();
    },
  };
}

// By hand and not by `once`, whose loser would stay: a listener more at each wait of a long stream.
function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      raw.off('drain', done);
      raw.off('close', done);
      resolve();
    };
    raw.on('drain', done);
    raw.on('close', done);
  });
}

/** The bytes of one SSE message. */
export function toEventStreamText({ id, event, data }: EventStreamFrame): string {
  return `${id === undefined ? '' : `id: ${id}\n`}${event ? `event: ${event}\n` : ''}data: ${data}\n\n`;
}
