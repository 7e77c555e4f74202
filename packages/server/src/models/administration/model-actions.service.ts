import { ParleyError, type HostedProcess, type TestedModel } from '@parley/contracts';
import type { ModelHosting } from '../hosting/model-hosting.ts';
import type { ModelProcesses } from '../hosting/model-processes.ts';
import type { WorkerClient } from '../hosting/worker-client.ts';
import type { KnownModel } from '../known-model.ts';
import type { ModelDirectory } from '../model-directory.ts';
import { needsKey } from '../needs-key.ts';
import type { ConnectionKeys } from '../stored/connection-keys.ts';
import type { ModelsRepository } from '../stored/models.repository.ts';
import { hideKey, withoutKey } from './hide-key.ts';
import { measureModel } from './measure-model.ts';

export interface ModelActionsServiceOptions {
  models: Pick<ModelsRepository, 'update'>;
  directory: Pick<ModelDirectory, 'find'>;
  processes: ModelProcesses;
  hosting: Pick<ModelHosting, 'sync'>;
  worker: WorkerClient;
  keys: ConnectionKeys;
  now: () => number;
}

/** What is done to the processes of models, also of those that the configuration file sets. */
export class ModelActionsService {
  readonly #options: ModelActionsServiceOptions;

  constructor(options: ModelActionsServiceOptions) {
    this.#options = options;
  }

  /** A new process takes over from the old one without a failed request. */
  async replace(name: string): Promise<void> {
    const hasBegun = await this.#set(await this.#requireStartable(name), { isReleased: false });
    // One that was put away comes up as a new process already.
    if (!hasBegun) await this.#options.processes.ask({ op: 'replace', model: name });
  }

  /** Puts it away; the page's models stay so over a restart. */
  async release(name: string): Promise<void> {
    await this.#set(await this.#options.directory.find(name), { isReleased: true });
    await this.#options.processes.ask({ op: 'release', model: name });
  }

  /** Brings it back, also one that failed for good. */
  async load(name: string): Promise<void> {
    await this.#set(await this.#requireStartable(name), { isReleased: false });
    await this.#options.processes.ask({ op: 'load', model: name });
  }

  /** Asks the running model for a few tokens, one vector or one ranking. */
  async test(name: string, signal: AbortSignal): Promise<TestedModel> {
    const model = await this.#requireStartable(name);
    // Asked anew: what is tested may have come up this moment.
    const { processes } = await this.#options.processes.ask({ op: 'processes' });
    const process = processes.find((candidate) => candidate.model === name) ?? null;
    const address = addressOf(model, process);
    const measured = measureModel(this.#options.worker, { address, model: name, purpose: model.purpose, signal });
    return measured.catch((error: unknown) => {
      throw withoutKey(error, this.#keyOf(model));
    });
  }

  /** The last lines of its process, oldest first. */
  async log(name: string): Promise<{ lines: string[] }> {
    const model = await this.#options.directory.find(name);
    const { lines } = await this.#options.processes.ask({ op: 'log', model: name });
    const key = this.#keyOf(model);
    return { lines: lines.map((line) => hideKey(line, key)) };
  }

  #keyOf({ connection, obstacle }: KnownModel): string | null {
    return connection !== null && obstacle === null ? this.#options.keys.open(connection) : null;
  }

  /** Whether that changed anything. */
  async #set({ name, stored }: KnownModel, { isReleased }: { isReleased: boolean }): Promise<boolean> {
    const { processes, models, hosting, now } = this.#options;
    if (!processes.canManage || stored === null || stored.is_released === isReleased) return false;
    await models.update(name, { is_released: isReleased }, now());
    await hosting.sync();
    return true;
  }

  async #requireStartable(name: string): Promise<KnownModel> {
    const model = await this.#options.directory.find(name);
    if (model.obstacle !== null) throw new ParleyError('model_needs_key', model.obstacle);
    if (model.needs_key !== null) throw needsKey(model);
    return model;
  }
}

function addressOf({ label }: KnownModel, process: HostedProcess | null): string {
  if (process?.state === 'running' && process.address !== null) return process.address;
  if (process?.state === 'loading' || process?.state === 'starting') {
    throw new ParleyError('model_loading', `The model "${label}" is still being loaded; try again in a moment.`);
  }
  const reason = process?.problem ?? 'load it first.';
  throw new ParleyError('no_worker_for_model', `The model "${label}" does not run: ${reason}`);
}
