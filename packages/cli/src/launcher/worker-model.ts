import { join } from 'node:path';
import type { CatalogueModel, HostedModel, ModelPurpose } from '@parley/contracts';
import { gpuEnvironment } from './gpu-environment.ts';
import type { ProcessPlan } from './process-plan.ts';

/** A model that a process serves, wherever its settings come from. */
export interface WorkerModel {
  name: string;
  purpose: ModelPurpose;
  kind: CatalogueModel['kind'];
  /** The worker's own `model` settings, keys opened. */
  worker: Record<string, unknown>;
}

/** What all workers of an installation share. */
export interface WorkerPlace {
  host: string;
  controllerUrl: string;
  secret: string;
  logLevel: string;
  /** Each process has a folder of its own in it, named by its port, which no other has meanwhile. */
  scratchFolder: string;
  /** Which GPUs the launcher itself may use, by the variables that CUDA and Vulkan read. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** The process of a model on a port. */
export function planWorker(model: WorkerModel, place: WorkerPlace, port: number): ProcessPlan {
  const { host, controllerUrl, secret, logLevel, scratchFolder } = place;
  const { model_path: file, num_gpus: gpus } = model.worker;
  return {
    name: `${model.kind === 'online' ? 'online_api' : 'model_worker'}:${model.name}`,
    room: 'worker',
    config: {
      secret,
      log_level: logLevel,
      host,
      port,
      controller_url: controllerUrl,
      scratch_folder: join(scratchFolder, String(port)),
      model: model.worker,
    },
    portSetting: 'workers.first_port',
    purpose: model.purpose,
    isEssential: false,
    ...(model.kind === 'local' && typeof file === 'string' && { modelFile: file }),
    ...(typeof gpus === 'number' && { environment: gpuEnvironment(gpus, place.environment) }),
  };
}

/** A model of the application server, as its process is planned from. */
export function toWorkerModel({ name, purpose, kind, worker }: HostedModel): WorkerModel {
  return { name, purpose, kind, worker };
}

/** What must never be read in the log of a model's process. */
export function secretsOf({ worker }: WorkerModel): string[] {
  const { api_key: key, headers } = worker;
  const values = typeof headers === 'object' && headers !== null ? Object.values(headers) : [];
  return [key, ...values].filter((value) => typeof value === 'string');
}
