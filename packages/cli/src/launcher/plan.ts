import { join } from 'node:path';
import type { CatalogueModel } from '@parley/contracts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import { configuredModels } from './configured/configured-models.ts';
import type { ProcessPlan, Room } from './process-plan.ts';
import { planWorker, type WorkerModel, type WorkerPlace } from './worker-model.ts';
import { WorkerPorts } from './worker-ports.ts';

export interface Plan {
  /** In start order: controller, openai_api, workers, api. */
  processes: ProcessPlan[];
  /** The models behind the workers among them, with their ports. */
  models: { model: WorkerModel; port: number }[];
  /** Models that are not started, with the variable that would hold their key: those of the settings, and suggested ones. */
  waitingForKey: { name: string; variable: string }[];
  /** What the application server shows; not what is only suggested. */
  catalogue: CatalogueModel[];
  serverUrl: string;
  /** For workers that come at run time. */
  place: WorkerPlace;
  ports: WorkerPorts;
}

export interface PlanInputs {
  root: string;
  loaded: LoadedSettings;
  secret: string;
  /** Answers the first free port from `from` on. */
  nextFreePort: (from: number) => Promise<number>;
}

/** Decides which processes run and with what; starts nothing. */
export async function planProcesses(inputs: PlanInputs): Promise<Plan> {
  const { loaded, root, secret } = inputs;
  const { settings, environment, home } = loaded;
  const configured = configuredModels(loaded, root);
  const catalogue = configured.flatMap((model) => (model.isSuggested ? [] : [model.catalogue]));
  const place: WorkerPlace = {
    host: settings.workers.host,
    controllerUrl: toUrl(settings.controller),
    secret,
    logLevel: settings.log_level,
    scratchFolder: join(home, 'workers'),
    environment,
  };
  const ports = createPorts(inputs);
  const models: Plan['models'] = [];
  for (const { model, catalogue: shown } of configured) {
    if (shown.needs_key === null) models.push({ model, port: await ports.take() });
  }
  const [controller, gateway, server] = planServices(inputs, { models, catalogue });
  const workers = models.map(({ model, port }) => planWorker(model, place, port));
  const waitingForKey = configured.flatMap(({ catalogue: { name, needs_key: variable } }) =>
    variable === null ? [] : [{ name, variable }],
  );
  const processes = [controller, gateway, ...workers, server];
  return { processes, models, waitingForKey, catalogue, serverUrl: toUrl(settings.server), place, ports };
}

function createPorts({ loaded: { settings }, nextFreePort }: PlanInputs): WorkerPorts {
  const { controller, gateway, server, workers } = settings;
  const reserved = [controller.port, gateway.port, server.port];
  return new WorkerPorts({ first: workers.first_port, reserved, nextFreePort });
}

function planServices(
  { loaded, root, secret }: PlanInputs,
  { models, catalogue }: Pick<Plan, 'models' | 'catalogue'>,
): [ProcessPlan, ProcessPlan, ProcessPlan] {
  const { settings, home } = loaded;
  const shared = { secret, log_level: settings.log_level };
  return [
    essential('controller', {
      name: 'controller',
      config: { ...settings.controller, ...shared, expected_models: models.map(({ model }) => model.name) },
    }),
    essential('gateway', {
      name: 'openai_api',
      config: {
        ...settings.gateway,
        ...shared,
        controller_url: toUrl(settings.controller),
        server_url: toUrl(settings.server),
      },
    }),
    essential('server', {
      name: 'api',
      config: {
        ...settings.server,
        ...shared,
        home,
        web_root: join(root, 'packages/web/dist'),
        guide_root: join(root, 'docs/guide'),
        gateway_url: toUrl(settings.gateway),
        stop_grace_ms: settings.launcher.stop_grace_ms,
        catalogue,
      },
    }),
  ];
}

function essential(room: Exclude<Room, 'worker'>, { name, config }: Pick<ProcessPlan, 'name' | 'config'>): ProcessPlan {
  return { name, room, config, portSetting: `${room}.port`, isEssential: true };
}

/** The address that a neighbour on this machine reaches a service by. */
export function toUrl({ host, port }: { host: string; port: number }): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
