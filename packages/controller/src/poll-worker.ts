import { ParleyError, workerStatusSchema, type WorkerStatus } from '@parley/contracts';
import { callHttp, readJson, type HttpAgent } from '@parley/service-kit';

const POLL_TIMEOUT_MS = 5_000;

/** Asks a worker at its own address what it serves. */
export type PollWorker = (workerName: string) => Promise<WorkerStatus>;

export function createPollWorker(secret: string, agent: HttpAgent): PollWorker {
  const ask = async (workerName: string) => {
    const call = {
      url: `${workerName.replace(/\/$/, '')}/worker_get_status`,
      headers: { authorization: `Bearer ${secret}` },
      body: {},
      headersTimeoutMs: POLL_TIMEOUT_MS,
      signal: AbortSignal.timeout(POLL_TIMEOUT_MS),
      agent,
    };
    return readJson(await callHttp(call, 'worker_unreachable'));
  };
  return async (workerName) => {
    const answer = await ask(workerName).catch((error: unknown) => {
      throw unreachable(workerName, 'did not answer', error);
    });
    const status = workerStatusSchema.safeParse(answer);
    if (!status.success) throw unreachable(workerName, 'did not say what it serves', status.error);
    return status.data;
  };
}

function unreachable(workerName: string, what: string, cause: unknown): ParleyError {
  const message = `The worker at ${workerName} ${what}. The controller must be able to reach it at that address.`;
  return new ParleyError('worker_unreachable', message, { cause });
}
