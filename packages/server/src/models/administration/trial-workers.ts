import type { ModelPurpose } from '@parley/contracts';
import type { ModelProcesses } from '../hosting/model-processes.ts';
import { toOnlineWorker, type OpenedConnection } from '../hosting/worker-settings.ts';
import { withoutKey } from './hide-key.ts';

/** A worker that is running only to be tried. */
export interface TrialWorker {
  address: string;
  /** Its name of the model. */
  model: string;
}

/** What is tried: one model of a connection. */
export interface TriedModel {
  upstream_model: string;
  purpose: ModelPurpose;
}

/** Runs a worker that registers nowhere for as long as it is used. */
export class TrialWorkers {
  readonly #processes: Pick<ModelProcesses, 'ask'>;

  constructor(processes: Pick<ModelProcesses, 'ask'>) {
    this.#processes = processes;
  }

  /** Errors come without the key, whoever wrote it into them. */
  async use<Value>(
    target: OpenedConnection,
    { upstream_model, purpose }: TriedModel,
    body: (worker: TrialWorker) => Promise<Value>,
  ): Promise<Value> {
    const worker = toOnlineWorker({ name: upstream_model, purpose, upstream_model, concurrency: null }, target);
    const model = { name: upstream_model, purpose, kind: 'online' as const, worker, is_released: false };
    try {
      const { trial, address } = await this.#processes.ask({ op: 'start-trial', model });
      try {
        return await body({ address, model: upstream_model });
      } finally {
        // It ends by itself when the launcher does not hear of it; what was found out counts all the same.
        await this.#processes.ask({ op: 'end-trial', trial }).catch(() => undefined);
      }
    } catch (error) {
      throw withoutKey(error, target.key);
    }
  }
}
