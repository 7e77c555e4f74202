import { ParleyError, PROVIDER_WORDS_HEADER } from '@parley/contracts';
import { callHttp, readJson, type HttpAnswer } from '@parley/service-kit';

/** No answer of a worker that is read whole here comes near this. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export interface WorkerCall {
  /** The worker's, from the launcher. */
  address: string;
  path: string;
  /** Posted; a GET without. */
  body?: unknown;
  /** For the whole call, in ms. */
  limitMs: number;
  signal?: AbortSignal;
}

/**
 * Asks workers of this installation directly, for their owners: those that are only tried, and what one
 * says of itself. Errors come with the provider's own words.
 */
export class WorkerClient {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The JSON of an answer. Throws the worker's own error, and `worker_timeout` when it takes too long. */
  async askJson(call: WorkerCall): Promise<unknown> {
    return this.ask(call, (answer) => readJson(answer, { maxBytes: MAX_ANSWER_BYTES }));
  }

  /** As `askJson`; `read` takes the answer while the clock runs. */
  async ask<Value>(call: WorkerCall, read: (answer: HttpAnswer) => Promise<Value>): Promise<Value> {
    const clock = AbortSignal.timeout(call.limitMs);
    const signal = call.signal ? AbortSignal.any([call.signal, clock]) : clock;
    try {
      const answer = await this.#call(call, signal);
      if (answer.status >= 400) throw ParleyError.fromBody(await readJson(answer), 'provider_failed');
      return await read(answer);
    } catch (error) {
      if (call.signal?.aborted) throw new ParleyError('request_aborted', 'The request was aborted.', { cause: error });
      if (clock.aborted) throw tooSlow(call.limitMs, error);
      throw error;
    }
  }

  #call({ address, path, body }: WorkerCall, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = { authorization: `Bearer ${this.#secret}`, [PROVIDER_WORDS_HEADER]: '1' };
    const method = body === undefined ? 'GET' : 'POST';
    const call = { url: address + path, method, headers, signal, headersTimeoutMs: 0 } as const;
    return callHttp(body === undefined ? call : { ...call, body }, 'worker_unreachable');
  }
}

function tooSlow(limitMs: number, cause: unknown): ParleyError {
  const seconds = Math.round(limitMs / 1_000);
  return new ParleyError('worker_timeout', `The model did not answer within ${seconds} seconds.`, { cause });
}
