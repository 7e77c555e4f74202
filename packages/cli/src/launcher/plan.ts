import { join } from 'node:path';
import { capabilitiesSchema, type CatalogueModel, type ModelPurpose } from '@parley/contracts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import { GUIDE_MODEL, WELL_KNOWN_MODELS, type ModelSettings } from '../settings/model-settings.ts';

export type Room = 'controller' | 'gateway' | 'worker' | 'server';

/** One process to start: its name in the seeds' words, its room, and the room's settings. */
export interface ProcessPlan {
  name: string;
  room: Room;
  config: Record<string, unknown> & { host: string; port: number };
  /** The setting that moves its port, for the message when the port is taken. */
  portSetting: string;
  /** What a worker's model is for. */
  purpose?: ModelPurpose;
  /** Without it nothing works, so its failure ends the start. */
  isEssential: boolean;
}

export interface Plan {
  /** In start order: controller, openai_api, workers, api. */
  processes: ProcessPlan[];
  /** Configured models that are not started, with the variable that would hold their key. */
  waitingForKey: { name: string; variable: string }[];
  catalogue: CatalogueModel[];
  serverUrl: string;
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
  const { settings, home } = loaded;
  const shared = { secret, log_level: settings.log_level };
  const models = configuredModels(loaded);
  const catalogue = models.map(toCatalogueModel);
  const startable = models.filter((model) => model.missingKey === null);
  const controllerUrl = toUrl(settings.controller);
  const workers = await planWorkers(startable, { ...inputs, controllerUrl, shared });
  const processes: ProcessPlan[] = [
    essential('controller', {
      name: 'controller',
      config: { ...settings.controller, ...shared, expected_models: startable.map(({ worker }) => worker.name) },
    }),
    essential('gateway', {
      name: 'openai_api',
      config: {
        ...settings.gateway,
        ...shared,
        controller_url: controllerUrl,
        server_url: toUrl(settings.server),
      },
    }),
    ...workers,
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
  const waitingForKey = models.flatMap(({ worker, missingKey }) =>
    missingKey === null ? [] : [{ name: worker.name, variable: missingKey }],
  );
  return { processes, waitingForKey, catalogue, serverUrl: toUrl(settings.server) };
}

function essential(room: Exclude<Room, 'worker'>, { name, config }: Pick<ProcessPlan, 'name' | 'config'>): ProcessPlan {
  return { name, room, config, portSetting: `${room}.port`, isEssential: true };
}

interface ConfiguredModel {
  kind: CatalogueModel['kind'];
  label: string;
  knowledge: string | null;
  contextLength: number | null;
  /** The worker's `model` settings. */
  worker: Record<string, unknown> & { name: string; engine: string; purpose: ModelPurpose };
  missingKey: string | null;
}

function configuredModels({ settings, environment }: LoadedSettings): ConfiguredModel[] {
  const { name, label, knowledge } = GUIDE_MODEL;
  const guide: ConfiguredModel = {
    kind: 'extractive',
    label,
    knowledge,
    contextLength: null,
    worker: { name, label, engine: 'extractive', purpose: 'chat' },
    missingKey: null,
  };
  const online = settings.models.length > 0 ? settings.models : WELL_KNOWN_MODELS;
  return [guide, ...online.map((model) => toConfiguredModel(model, environment))];
}

function toConfiguredModel(model: ModelSettings, environment: LoadedSettings['environment']): ConfiguredModel {
  const { context_length: contextLength, api_key_env: variable, ...worker } = model;
  const key = model.api_key ?? (variable === undefined ? undefined : environment[variable]);
  return {
    kind: 'online',
    label: model.label ?? model.name,
    knowledge: null,
    contextLength: contextLength ?? null,
    worker: key ? { ...worker, api_key: key } : worker,
    missingKey: key ? null : missingKeyOf(model),
  };
}

// Zhipu cannot be asked without a key; an OpenAI-compatible server may be a local one that needs none.
function missingKeyOf({ engine, api_key_env: variable }: ModelSettings): string | null {
  return variable ?? (engine === 'zhipu' ? 'ZHIPUAI_API_KEY' : null);
}

function toCatalogueModel({
  kind,
  label,
  knowledge,
  contextLength,
  worker,
  missingKey,
}: ConfiguredModel): CatalogueModel {
  const { name, engine, purpose } = worker;
  const capabilities = capabilitiesSchema.parse({});
  return {
    name,
    label,
    kind,
    engine,
    purpose,
    needs_key: missingKey,
    knowledge,
    context_length: contextLength,
    capabilities,
  };
}

interface WorkerInputs extends PlanInputs {
  controllerUrl: string;
  shared: Record<string, unknown>;
}

async function planWorkers(models: ConfiguredModel[], inputs: WorkerInputs): Promise<ProcessPlan[]> {
  const { host, first_port: firstPort } = inputs.loaded.settings.workers;
  const { controller, gateway, server } = inputs.loaded.settings;
  // Free now, but a neighbour's as soon as it starts.
  const reserved = new Set([controller.port, gateway.port, server.port]);
  const plans: ProcessPlan[] = [];
  let from = firstPort;
  for (const { kind, worker } of models) {
    let port = await inputs.nextFreePort(from);
    while (reserved.has(port)) port = await inputs.nextFreePort(port + 1);
    from = port + 1;
    plans.push({
      name: `${kind === 'online' ? 'online_api' : 'model_worker'}:${worker.name}`,
      room: 'worker',
      config: { ...inputs.shared, host, port, controller_url: inputs.controllerUrl, model: worker },
      portSetting: 'workers.first_port',
      purpose: worker.purpose,
      isEssential: false,
    });
  }
  return plans;
}

/** The address that a neighbour on this machine reaches a service by. */
export function toUrl({ host, port }: { host: string; port: number }): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
