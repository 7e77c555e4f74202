import type { FastifyReply } from 'fastify';
import type { Agent } from 'undici';
import { END_USER_HEADER, ParleyError, REQUEST_ID_HEADER, type Lease } from '@parley/contracts';
import { asParleyError, onReaderGone } from '@parley/service-kit';
import type { LeaseClient } from '../leases/lease-client.ts';
import { failStream, isStreamOpen } from './caller-stream.ts';
import { EarlyEnd, type EndingSignal } from './early-end.ts';
import { errorOfAnswer } from './error-of-answer.ts';
import { QueueReport } from './queue-report.ts';
import type { RequestClock, RequestClocks } from './request-clocks.ts';
import { WorkerExchange, type ExchangeEnd, type Mishap, type WholeAnswer } from './worker-exchange.ts';

export interface RelayParts {
  leases: LeaseClient;
  clocks: RequestClocks;
  agent: Agent;
  secret: string;
}

/** Where a worker is asked; the same paths as here. */
export type ModelPath = '/v1/chat/completions' | '/v1/embeddings' | '/v1/rerank';

export interface RelayCall {
  model: string;
  path: ModelPath;
  /** Whose turn it is in the queue. */
  user: string;
  /** What the prompt begins with, for the choice among several workers. */
  prefixes: readonly string[];
  /** Sent on to the worker, when the caller may speak for its users. */
  endUser: string | null;
  /** Streamed, and the caller wants to hear of its place in the queue. */
  reportsQueue: boolean;
  /** The request as it came in. */
  body: Buffer;
}

interface Run {
  clock: RequestClock;
  ending: EndingSignal;
  /** Null for callers that did not ask. */
  queue: QueueReport | null;
}

/**
 * Brings a request to a worker of its model and the answer back, by way of a lease that is
 * released on every way out. Answers what was not streamed; null when the reply has been sent.
 * Throws as long as nothing was shown; once the caller has heard of its place in the queue, errors are
 * events of its stream.
 */
export class Relay {
  readonly #parts: RelayParts;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  async run(call: RelayCall, reply: FastifyReply): Promise<WholeAnswer | null> {
    const ending = new EarlyEnd();
    const clock = this.#parts.clocks.watch((error) => ending.end(error));
    onReaderGone(reply, () => ending.end(callerLeftError()));
    const queue = call.reportsQueue ? new QueueReport({ reply, clock, model: call.model }) : null;
    try {
      const answer = await this.#try(call, reply, { clock, ending, queue });
      if (answer === null || !isStreamOpen(reply)) return answer;
      failStream(reply, errorOfAnswer(answer));
      return null;
    } catch (error) {
      if (!isStreamOpen(reply)) throw error;
      if (!reply.raw.destroyed) reply.log.warn({ err: error }, 'failed after the place in the queue was told');
      failStream(reply, asParleyError(error).toBody());
      return null;
    } finally {
      clock.stop();
    }
  }

  async #try(call: RelayCall, reply: FastifyReply, run: Run): Promise<WholeAnswer | null> {
    // Each mishap has one more try: a worker that dies resets its connections first, and can then not
    // be reached. A second one of the same kind is an outage, which trying on would hide.
    const mishaps = new Set<Mishap>();
    for (;;) {
      const end = await this.#attempt(call, reply, run);
      if (end.kind === 'whole') return end.answer;
      if (end.kind === 'shown') return null;
      if (end.mishap === null || mishaps.has(end.mishap) || run.ending.aborted) throw end.error;
      mishaps.add(end.mishap);
      reply.log.warn({ err: end.error, mishap: end.mishap }, 'the worker did not answer; trying once more');
    }
  }

  async #attempt(call: RelayCall, reply: FastifyReply, run: Run): Promise<ExchangeEnd> {
    const wish = run.queue === null ? call : { ...call, onQueued: run.queue.tell };
    const lease = await this.#parts.leases.acquire(wish, run.ending);
    let isUnreachable = false;
    try {
      run.queue?.leave();
      const end = await this.#exchange(lease, { call, reply, run });
      isUnreachable = end.kind === 'failed' && end.mishap === 'unreachable';
      return end;
    } finally {
      run.clock.pause();
      this.#parts.leases.release(lease, { isUnreachable });
    }
  }

  #exchange(
    lease: Lease,
    { call, reply, run }: { call: RelayCall; reply: FastifyReply; run: Run },
  ): Promise<ExchangeEnd> {
    const exchange = new WorkerExchange({ workerName: lease.worker_name, reply, ...run });
    const headers = [
      'content-type',
      'application/json',
      // Bytes are passed on and looked into as they are; a proxy before the worker must not pack them.
      'accept-encoding',
      'identity',
      'authorization',
      `Bearer ${this.#parts.secret}`,
      REQUEST_ID_HEADER,
      reply.request.id,
    ];
    if (call.endUser !== null) headers.push(END_USER_HEADER, call.endUser);
    const { origin, path } = workerAddress(lease.worker_name, call.path);
    this.#parts.agent.dispatch({ origin, path, method: 'POST', headers, body: call.body }, exchange);
    return exchange.ended;
  }
}

// Cut by hand: this is on the way of every request, and a worker's name was parsed when it registered.
function workerAddress(workerName: string, path: ModelPath): { origin: string; path: string } {
  const pathStart = workerName.indexOf('/', workerName.indexOf('://') + 3);
  if (pathStart === -1) return { origin: workerName, path };
  return { origin: workerName.slice(0, pathStart), path: workerName.slice(pathStart).replace(/\/$/, '') + path };
}

function callerLeftError(): ParleyError {
  return new ParleyError('request_aborted', 'The caller went away.');
}
