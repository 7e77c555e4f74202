import type { FoundServers, ModelProvider } from '@parley/contracts';
import type { UsersRepository } from '../../accounts/users.repository.ts';
import type { ModelHosting } from '../hosting/model-hosting.ts';
import type { ModelProcesses } from '../hosting/model-processes.ts';
import type { WorkerClient } from '../hosting/worker-client.ts';
import type { ModelDirectory } from '../model-directory.ts';
import type { ConnectionKeys } from '../stored/connection-keys.ts';
import type { ConnectionsRepository } from '../stored/connections.repository.ts';
import type { ModelsRepository } from '../stored/models.repository.ts';
import { AdminModelsService } from './admin-models.service.ts';
import { ConnectionTrial } from './connection-trial.ts';
import { ConnectionsService } from './connections.service.ts';
import { findServers } from './found-servers.ts';
import { ModelActionsService } from './model-actions.service.ts';
import { ModelFiles } from './model-files.ts';
import { ModelOverviewReader } from './model-overview.ts';
import { TrialWorkers } from './trial-workers.ts';

export interface AdministrationOptions {
  models: ModelsRepository;
  connections: ConnectionsRepository;
  users: Pick<UsersRepository, 'idsOf'>;
  directory: ModelDirectory;
  hosting: ModelHosting;
  processes: ModelProcesses;
  keys: ConnectionKeys;
  providers: readonly ModelProvider[];
  modelsFolder: string;
  /** Ports of local servers in place of the presets', by provider. */
  localServerPorts: Readonly<Record<string, readonly number[]>>;
  gatewayUrl: string;
  worker: WorkerClient;
  /** The names that the gateway serves now; throws `ParleyError` when it does not answer. */
  liveNames: () => Promise<string[]>;
  now: () => number;
  newId: () => string;
}

/** What owners do with models, as the routes ask for it. */
export interface ModelAdministration {
  overview: ModelOverviewReader;
  connections: ConnectionsService;
  models: AdminModelsService;
  actions: ModelActionsService;
  /** Servers on this machine's loopback; `ownPort` is the one on which it was asked. */
  findServers(ownPort: number | null): Promise<FoundServers['servers']>;
}

/** Puts the parts together; nothing is started and nothing needs an end. */
export function createAdministration(options: AdministrationOptions): ModelAdministration {
  const { users, processes, providers, modelsFolder, liveNames } = options;
  const providerNamed = (id: string) => providers.find((provider) => provider.id === id);
  const shared = { ...options, providerNamed, files: new ModelFiles(modelsFolder) };
  const trial = new ConnectionTrial({ ...shared, trials: new TrialWorkers(processes) });
  const connections = new ConnectionsService({ ...shared, trial });
  return {
    connections,
    overview: new ModelOverviewReader({ ...shared, connections, liveNames: () => liveNames().catch(() => []) }),
    models: new AdminModelsService({ ...shared, userIds: (names) => users.idsOf(names) }),
    actions: new ModelActionsService(shared),
    findServers: async (ownPort) =>
      findServers({ providers, ports: options.localServerPorts, ownPorts: await ownPorts(options, ownPort) }),
  };
}

/** The ports of Parley's own processes, as far as they are known here. */
async function ownPorts(
  { processes, gatewayUrl }: Pick<AdministrationOptions, 'processes' | 'gatewayUrl'>,
  ownPort: number | null,
): Promise<Set<number>> {
  const workers = [...(await processes.byModel()).values()].flatMap(({ address }) => address ?? []);
  const ports = [gatewayUrl, ...workers].map((url) => Number(new URL(url).port));
  return new Set(ownPort === null ? ports : [...ports, ownPort]);
}
