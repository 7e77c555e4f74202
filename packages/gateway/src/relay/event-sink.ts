import type { FastifyReply } from 'fastify';
import { ParleyError } from '@parley/contracts';
import { failStream, openStream } from './caller-stream.ts';
import { hasContent, hasData } from './content.ts';
import type { RequestClock } from './request-clocks.ts';
import { StreamTail } from './stream-tail.ts';
import { WholeEvents } from './whole-events.ts';

interface EventSinkParts {
  reply: FastifyReply;
  clock: RequestClock;
  status: number;
}

/**
 * Where a streamed answer goes: its bytes are passed on untouched, whole event by whole event.
 * Made when the worker has begun to answer; opens the caller's stream, unless it is open.
 */
export class EventSink {
  readonly #parts: EventSinkParts;
  readonly #events = new WholeEvents();
  readonly #tail = new StreamTail();
  #hasContent = false;

  constructor(parts: EventSinkParts) {
    this.#parts = parts;
    const { reply, status, clock } = parts;
    openStream(reply, clock, status);
    clock.enter('first_content');
  }

  /** Passes a piece on; false when the reader is slower than the worker: wait for `whenDrained`. */
  write(chunk: Buffer): boolean {
    const events = this.#events.push(chunk);
    if (events === null) return true;
    this.#tail.push(events);
    this.#noteContent(events);
    return this.#parts.reply.raw.write(events);
  }

  whenDrained(resume: () => void): void {
    const { clock, reply } = this.#parts;
    clock.pause();
    reply.raw.once('drain', () => {
      clock.enter('between_contents');
      resume();
    });
  }

  /** The worker has ended the stream. One that ends without saying so was cut off. */
  end(): void {
    const rest = this.#events.rest();
    if (rest !== null) this.#tail.push(rest);
    if (!this.#tail.hasFinished()) return this.fail(interruptedError());
    this.#parts.reply.raw.end(rest ?? undefined);
  }

  /** Ends with an error event and without `[DONE]`, unless the worker had said its last word already. */
  fail(error: ParleyError): void {
    const { reply } = this.#parts;
    if (!this.#tail.hasFinished()) failStream(reply, error.toBody());
    else if (!reply.raw.destroyed) reply.raw.end();
  }

  #noteContent(events: Buffer): void {
    if (this.#hasContent) {
      if (hasData(events)) this.#parts.clock.enter('between_contents');
      return;
    }
    this.#hasContent = hasContent(events);
    if (this.#hasContent) this.#parts.clock.enter('between_contents');
  }
}

export function interruptedError(cause?: unknown): ParleyError {
  const message = 'The worker broke off in the middle of the answer.';
  return new ParleyError('stream_interrupted', message, cause === undefined ? {} : { cause });
}
