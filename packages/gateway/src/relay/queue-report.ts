import type { FastifyReply } from 'fastify';
import { toEventStreamText } from '@parley/service-kit';
import { openStream } from './caller-stream.ts';
import type { RequestClock } from './request-clocks.ts';

interface QueueReportParts {
  reply: FastifyReply;
  clock: RequestClock;
  model: string;
}

/** Tells a caller that asked for it, in its stream, which place in the queue its request has. */
export class QueueReport {
  readonly #parts: QueueReportParts;
  #told = 0;

  constructor(parts: QueueReportParts) {
    this.#parts = parts;
  }

  /** A place in the queue; the first one opens the stream. */
  readonly tell = (position: number): void => {
    const { reply, clock } = this.#parts;
    // A reader that has left; or one that does not read, for whom places would pile up.
    if (position === this.#told || reply.raw.destroyed || reply.raw.writableNeedDrain) return;
    this.#told = position;
    openStream(reply, clock);
    reply.raw.write(toEventStreamText({ data: JSON.stringify(this.#toChunk(position)) }));
  };

  /** A worker has the request. Nothing is said of that to a caller that never heard of a queue. */
  leave(): void {
    this.tell(0);
  }

  #toChunk(queue_position: number): object {
    const { reply, model } = this.#parts;
    return {
      id: `chatcmpl-${reply.request.id}`,
      object: 'chat.completion.chunk',
      created: Math.floor(Date.now() / 1000),
      model,
      choices: [],
      parley: { queue_position },
    };
  }
}
