import { randomUUID } from 'node:crypto';
import { ParleyError } from '@parley/contracts';
import type { ManagedProcess } from './managed-process.ts';
import { StartFailure } from './start-failure.ts';
import type { WorkerModel } from './worker-model.ts';
import type { WorkerPorts } from './worker-ports.ts';

const MOST_AT_ONCE = 4;
/** Longer than a server may take to list its models and to answer, 65 s together. */
const ENDS_AFTER_MS = 90_000;

export interface TrialsParts {
  ports: WorkerPorts;
  /** A process that registers nowhere. */
  createProcess: (model: WorkerModel, port: number) => ManagedProcess;
  newId?: () => string;
  later?: (work: () => void, ms: number) => void;
}

/** Workers that only try settings: they register nowhere, are not started again, and end by themselves. */
export class Trials {
  readonly #parts: Required<TrialsParts>;
  readonly #processes = new Map<string, ManagedProcess>();
  /** Those that run, and those that are about to. */
  #count = 0;

  constructor(parts: TrialsParts) {
    this.#parts = { newId: randomUUID, later: (work, ms) => void setTimeout(work, ms).unref(), ...parts };
  }

  /** Throws as `ParleyError` what the worker said when it could not start. */
  async start(model: WorkerModel): Promise<{ trial: string; address: string }> {
    if (this.#count >= MOST_AT_ONCE) {
      throw new ParleyError('too_many_requests', 'Too many models are being tried at once; wait a minute.');
    }
    this.#count += 1;
    const process = await this.#create(model).catch((error: unknown) => {
      this.#count -= 1;
      throw error;
    });
    const trial = this.#parts.newId();
    this.#processes.set(trial, process);
    try {
      await process.start();
    } catch (error) {
      await this.end(trial);
      throw error instanceof StartFailure ? error.toParleyError() : error;
    }
    this.#parts.later(() => void this.end(trial), ENDS_AFTER_MS);
    return { trial, address: process.view.address ?? '' };
  }

  /** One that has ended by itself meanwhile is no fault. */
  async end(trial: string): Promise<void> {
    const process = this.#processes.get(trial);
    if (!process) return;
    this.#processes.delete(trial);
    this.#count -= 1;
    await process.stop(0);
    this.#parts.ports.give(process.plan.config.port);
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((trial) => this.end(trial)));
  }

  async #create(model: WorkerModel): Promise<ManagedProcess> {
    const process = this.#parts.createProcess(model, await this.#parts.ports.take());
    process.retire();
    return process;
  }
}
