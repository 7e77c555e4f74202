import type { FastifyReply } from 'fastify';
import type { Dispatcher } from 'undici';
import { ParleyError } from '@parley/contracts';
import type { EndingSignal } from './early-end.ts';
import { EventSink, interruptedError } from './event-sink.ts';
import type { RequestClock } from './request-clocks.ts';

/** A worker that answers more than this without streaming is broken. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;

/** An answer that was not streamed, errors of the worker included. */
export interface WholeAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export type Mishap = 'unreachable' | 'reset';

/**
 * How it went with a worker. `shown`: the caller has it all, errors included. `whole`: to be sent.
 * `failed`: nothing was shown. Then `mishap` says whether no answer had begun either, so that
 * another try is allowed: `unreachable` when no connection could be made, `reset` when it broke.
 */
export type ExchangeEnd =
  | { kind: 'shown' }
  | { kind: 'whole'; answer: WholeAnswer }
  | { kind: 'failed'; error: ParleyError; mishap: Mishap | null };

interface WorkerExchangeParts {
  workerName: string;
  reply: FastifyReply;
  clock: RequestClock;
  /** Aborts with a `ParleyError` when the caller has left or a clock has run out. */
  ending: EndingSignal;
}

/** One request to one worker, as undici calls back. Settles exactly once, whatever comes. */
export class WorkerExchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<ExchangeEnd>;
  readonly #settle: (end: ExchangeEnd) => void;
  readonly #parts: WorkerExchangeParts;
  #upstream: Dispatcher.DispatchController | null = null;
  #sink: EventSink | null = null;
  #whole: WholeAnswer | null = null;
  #chunks: Buffer[] = [];
  #size = 0;
  #isOver = false;

  constructor(parts: WorkerExchangeParts) {
    this.#parts = parts;
    const { promise, resolve } = Promise.withResolvers<ExchangeEnd>();
    this.ended = promise;
    this.#settle = resolve;
    parts.ending.addEventListener('abort', this.#onEnding);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#upstream = controller;
    // Until now undici had nothing to abort; the request has not been sent yet.
    if (this.#isOver) controller.abort(overError());
    else this.#parts.clock.enter('headers');
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: WholeAnswer['headers']): void {
    if (status < 200) return;
    const { reply, clock } = this.#parts;
    const type = headers['content-type'];
    const isStream = status < 300 && typeof type === 'string' && type.startsWith('text/event-stream');
    if (isStream) this.#sink = new EventSink({ reply, clock, status });
    else {
      this.#whole = { status, headers, body: Buffer.alloc(0) };
      clock.enter('first_content');
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink === null) return this.#collect(chunk);
    if (this.#sink.write(chunk)) return;
    controller.pause();
    this.#sink.whenDrained(() => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#sink !== null) {
      this.#sink.end();
      this.#finish({ kind: 'shown' });
    } else if (this.#whole !== null) {
      const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      this.#finish({ kind: 'whole', answer: { ...this.#whole, body } });
    }
  }

  onResponseError(_: Dispatcher.DispatchController | null, cause: Error): void {
    if (this.#sink !== null || this.#whole !== null) return this.#fail(interruptedError(cause), null);
    // A connection was made, and broke: the worker died, or closed an idle connection at this very moment.
    const mishap = this.#upstream === null ? 'unreachable' : 'reset';
    this.#fail(unreachableError(this.#parts.workerName, cause), mishap);
  }

  readonly #onEnding = (): void => this.#fail(this.#parts.ending.reason as ParleyError, null);

  #collect(chunk: Buffer): void {
    this.#parts.clock.enter('between_contents');
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= MAX_WHOLE_BYTES) return;
    this.#fail(new ParleyError('provider_failed', 'The worker sent an answer that is too large.'), null);
  }

  #fail(error: ParleyError, mishap: Mishap | null): void {
    if (this.#isOver) return;
    this.#sink?.fail(error);
    this.#finish(this.#sink === null ? { kind: 'failed', error, mishap } : { kind: 'shown' });
    this.#upstream?.abort(error);
  }

  #finish(end: ExchangeEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts.ending.removeEventListener('abort', this.#onEnding);
    this.#settle(end);
  }
}

function overError(): ParleyError {
  return new ParleyError('request_aborted', 'The request was over before it was sent.');
}

function unreachableError(workerName: string, cause: Error): ParleyError {
  return new ParleyError('worker_unreachable', `The worker at ${workerName} cannot be reached.`, { cause });
}
