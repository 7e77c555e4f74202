import { workerFactsSchema, type HostedProcess } from '@parley/contracts';
import type { WorkerClient } from './worker-client.ts';

/** A worker that is busy must not hold up an answer. */
const LIMIT_MS = 1_000;

/**
 * How many tokens the models of this machine really hold: a worker that finds little memory takes less
 * than its model was trained for. Asked once of each process.
 */
export class ContextLengths {
  readonly #worker: Pick<WorkerClient, 'askJson'>;
  readonly #known = new Map<string, { process: string; length: number }>();

  constructor(worker: Pick<WorkerClient, 'askJson'>) {
    this.#worker = worker;
  }

  /** Null while nobody says. */
  async of({ model, pid, address, state }: HostedProcess): Promise<number | null> {
    if (state !== 'running' || address === null) return null;
    const process = `${pid} ${address}`;
    const known = this.#known.get(model);
    if (known?.process === process) return known.length;
    const call = { address, path: '/worker/status', limitMs: LIMIT_MS };
    const facts = workerFactsSchema.safeParse(await this.#worker.askJson(call).catch(() => null));
    const length = facts.data?.context_length ?? null;
    if (length !== null) this.#known.set(model, { process, length });
    return length;
  }
}
