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
import { ModelHosting } from './hosting/model-hosting.ts';
import { ModelProcesses } from './hosting/model-processes.ts';
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
export function createModels({ db, config, users, gateway, host, providers, ...seams }: CreateModelsOptions): Models {
  const { now } = seams;
  const modelsFolder = join(config.home, 'models');
  const providerNamed = (id: string) => providers.find((provider) => provider.id === id);
  const liveNames = () => gateway.modelNames();
  const stored = {
    models: new ModelsRepository(db),
    connections: new ConnectionsRepository(db),
    keys: new ConnectionKeys(config.secret),
  };
  const processes = new ModelProcesses({ host, now });
  const directory = new ModelDirectory({ ...stored, catalogue: config.catalogue, providerNamed });
  const hosting = new ModelHosting({ ...stored, ...seams, directory, processes, providerNamed, modelsFolder });
  const shared = { ...stored, ...seams, directory, processes, hosting, users, providers, modelsFolder, liveNames };
  const administration = createAdministration({
    ...shared,
    secret: config.secret,
    gatewayUrl: config.gateway_url,
    localServerPorts: config.local_server_ports,
  });
  const downloads = createDownloads(administration, { db, config, modelsFolder, ...seams });
  return {
    models: new ModelsService({ directory, processes, liveNames, findUser: (id) => users.find(id), now }),
    administration,
    downloads,
    start() {
      // Not waited for: a launcher that is slow to answer must not hold up the page.
      void hosting.start();
      void downloads.start();
    },
    close: () => downloads.close(),
  };
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
