import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import type { ModelProvider } from '@parley/contracts';
import type { UsersRepository } from '../accounts/users.repository.ts';
import type { GatewayClient } from '../chat/gateway-client.ts';
import type { ServerConfig } from '../config.ts';
import type { Database } from '../database/schema.ts';
import { createAdministration, type ModelAdministration } from './administration/create-administration.ts';
import { DownloadsRepository } from './downloads/downloads.repository.ts';
import { ModelDownloads } from './downloads/model-downloads.service.ts';
import { ContextLengths } from './hosting/context-lengths.ts';
import { ModelHosting } from './hosting/model-hosting.ts';
import { ModelProcesses } from './hosting/model-processes.ts';
import { WorkerClient } from './hosting/worker-client.ts';
import { ModelDirectory } from './model-directory.ts';
import type { ModelHost } from './model-host.ts';
import { ModelsService } from './models.service.ts';
import { ConnectionKeys } from './stored/connection-keys.ts';
import { ConnectionsRepository } from './stored/connections.repository.ts';
import { ModelsRepository } from './stored/models.repository.ts';

export interface CreateModelsOptions {
  db: Kysely<Database>;
  config: ServerConfig;
  users: UsersRepository;
  gateway: Pick<GatewayClient, 'modelNames'>;
  /** Null where no launcher runs processes. */
  host: ModelHost | null;
  providers: readonly ModelProvider[];
  logger: FastifyBaseLogger;
  now: () => number;
  newId: () => string;
}

/** Models, as the chat, the owners and the launcher have to do with them. */
export interface Models {
  models: ModelsService;
  administration: ModelAdministration;
  downloads: ModelDownloads;
  /** Sends the stored models to the launcher, and goes on with downloads. */
  start(): void;
  /** Pauses downloads. */
  close(): Promise<void>;
}

/** Puts the parts of models together. */
export function createModels(options: CreateModelsOptions): Models {
  const { config, users, gateway, logger, now } = options;
  const shared = { ...options, ...createParts(options), liveNames: () => gateway.modelNames() };
  const { hosting, worker } = shared;
  const administration = createAdministration({
    ...shared,
    gatewayUrl: config.gateway_url,
    localServerPorts: config.local_server_ports,
  });
  const downloads = createDownloads(administration, shared);
  const contextLengths = new ContextLengths(worker);
  return {
    models: new ModelsService({ ...shared, contextLengths, findUser: (id) => users.find(id), now }),
    administration,
    downloads,
    start() {
      // Not waited for: a launcher that is slow to answer must not hold up the page.
      void hosting.start();
      downloads.start().catch((error: unknown) => logger.error({ err: error }, 'downloads could not go on'));
    },
    close: () => downloads.close(),
  };
}

/** What the chat, the administration and the launcher's list are made of alike. */
function createParts({ db, config, host, providers, logger, now }: CreateModelsOptions) {
  const modelsFolder = join(config.home, 'models');
  const providerNamed = (id: string) => providers.find((provider) => provider.id === id);
  const models = new ModelsRepository(db);
  const connections = new ConnectionsRepository(db);
  const keys = new ConnectionKeys(config.secret);
  const processes = new ModelProcesses({ host, now });
  const worker = new WorkerClient(config.secret);
  const directory = new ModelDirectory({ catalogue: config.catalogue, models, connections, keys, providerNamed });
  const hosting = new ModelHosting({ directory, processes, keys, providerNamed, modelsFolder, logger });
  return { models, connections, keys, processes, worker, directory, hosting, modelsFolder };
}

type DownloadParts = Pick<CreateModelsOptions, 'db' | 'config' | 'logger' | 'now' | 'newId'> & { modelsFolder: string };

function createDownloads(
  { models }: ModelAdministration,
  { db, config, modelsFolder, ...seams }: DownloadParts,
): ModelDownloads {
  return new ModelDownloads({
    ...seams,
    repository: new DownloadsRepository(db),
    folder: modelsFolder,
    hub: { endpoint: config.hub_endpoint, mirrors: config.hub_mirrors, token: config.hub_token },
    allowPrivate: config.allow_private_pages,
    addModel: (file) => models.addFile(file),
    usersOfFiles: () => models.usersOfFiles(),
  });
}
