import type { FastifyBaseLogger } from 'fastify';
import { localSettingsSchema, type HostedModel, type ModelProvider } from '@parley/contracts';
import type { KnownModel } from '../known-model.ts';
import type { ModelDirectory } from '../model-directory.ts';
import type { ConnectionKeys } from '../stored/connection-keys.ts';
import type { ModelProcesses } from './model-processes.ts';
import { toLocalWorker, toOnlineWorker } from './worker-settings.ts';

export interface ModelHostingOptions {
  directory: Pick<ModelDirectory, 'list'>;
  processes: ModelProcesses;
  keys: Pick<ConnectionKeys, 'open'>;
  providerNamed: (id: string) => ModelProvider | undefined;
  modelsFolder: string;
  logger: FastifyBaseLogger;
}

/** Tells the launcher which models of the page are to run. */
export class ModelHosting {
  readonly #options: ModelHostingOptions;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: ModelHostingOptions) {
    this.#options = options;
  }

  /** Sends the stored models once the server has started; a launcher that refuses them must not end it. */
  async start(): Promise<void> {
    await this.sync().catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'the models of the page could not be started');
    });
  }

  /**
   * Brings the launcher to what is stored; one after the other, so that an older list never comes last.
   * Where there is none, what is stored waits for one.
   */
  sync(): Promise<void> {
    const turn = this.#work.then(() => this.#send());
    this.#work = turn.catch(() => undefined);
    return turn;
  }

  async #send(): Promise<void> {
    if (!this.#options.processes.canManage) return;
    const known = await this.#options.directory.list();
    const models = known.flatMap((model) => this.#toHosted(model));
    await this.#options.processes.ask({ op: 'set-models', models });
  }

  #toHosted(model: KnownModel): HostedModel[] {
    const { name, purpose, is_released, stored, obstacle } = model;
    if (stored === null || obstacle !== null) return [];
    const worker = this.#workerOf(model);
    return worker === null
      ? []
      : [{ name, purpose, kind: model.kind === 'local' ? 'local' : 'online', worker, is_released }];
  }

  #workerOf({ name, purpose, stored, connection, file, local }: KnownModel): HostedModel['worker'] | null {
    const { keys, providerNamed, modelsFolder } = this.#options;
    if (connection === null) {
      const settings = local ?? localSettingsSchema.parse({});
      return file === null ? null : toLocalWorker({ name, purpose, file }, { local: settings, modelsFolder });
    }
    const provider = providerNamed(connection.provider);
    if (provider === undefined || stored === null) return null;
    const { upstream_model, concurrency } = stored.settings;
    const opened = { provider, baseUrl: connection.base_url, key: keys.open(connection) };
    return toOnlineWorker({ name, purpose, upstream_model, concurrency }, opened);
  }
}
