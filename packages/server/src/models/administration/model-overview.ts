import {
  workerFactsSchema,
  type AdminModel,
  type HostedProcess,
  type ModelOverview,
  type WorkerFacts,
} from '@parley/contracts';
import type { ModelProcesses } from '../hosting/model-processes.ts';
import type { WorkerClient } from '../hosting/worker-client.ts';
import type { KnownModel } from '../known-model.ts';
import type { ModelDirectory } from '../model-directory.ts';
import { toAdminModel } from './admin-model-view.ts';
import type { ConnectionsService } from './connections.service.ts';
import { readMachineFacts } from './machine-facts.ts';
import type { ModelFiles } from './model-files.ts';

/** A worker that is busy must not hold up the page. */
const FACTS_LIMIT_MS = 1_000;

export interface ModelOverviewOptions {
  directory: Pick<ModelDirectory, 'list' | 'find'>;
  connections: Pick<ConnectionsService, 'list'>;
  processes: ModelProcesses;
  worker: WorkerClient;
  files: ModelFiles;
  modelsFolder: string;
  /** The names that the gateway serves now; empty when it does not answer. */
  liveNames: () => Promise<string[]>;
}

/** Everything that is set up and how it fares, joined from settings, rows, launcher and workers. */
export class ModelOverviewReader {
  readonly #options: ModelOverviewOptions;

  constructor(options: ModelOverviewOptions) {
    this.#options = options;
  }

  async read(): Promise<ModelOverview> {
    const { directory, connections, processes, modelsFolder } = this.#options;
    const [models, rows, machine] = await Promise.all([
      directory.list(),
      connections.list(),
      readMachineFacts(modelsFolder),
    ]);
    return {
      models: await this.#toViews(models),
      connections: rows,
      can_manage: processes.canManage,
      models_folder: modelsFolder,
      ...machine,
    };
  }

  /** Throws `model_not_found`. */
  async model(name: string): Promise<AdminModel> {
    const [view] = await this.#toViews([await this.#options.directory.find(name)]);
    if (view === undefined) throw new RangeError('One model has one view.');
    return view;
  }

  async #toViews(models: readonly KnownModel[]): Promise<AdminModel[]> {
    const { processes, liveNames, files } = this.#options;
    const [byModel, live] = await Promise.all([processes.byModel(), liveNames()]);
    const { canManage } = processes;
    const toView = async (model: KnownModel) => {
      const process = byModel.get(model.name) ?? null;
      const [facts, fileBytes] = await Promise.all([
        this.#factsOf(process),
        model.file === null ? null : files.bytes(model.file),
      ]);
      return toAdminModel(model, { process, facts, isLive: live.includes(model.name), fileBytes, canManage });
    };
    return Promise.all(models.map(toView));
  }

  // A worker that does not answer in time has no figures; its process is shown all the same.
  async #factsOf(process: HostedProcess | null): Promise<WorkerFacts | null> {
    if (process?.state !== 'running' || process.address === null) return null;
    const call = { address: process.address, path: '/worker/status', limitMs: FACTS_LIMIT_MS };
    const json = await this.#options.worker.askJson(call).catch(() => null);
    return workerFactsSchema.safeParse(json).data ?? null;
  }
}
