import { resolve } from 'node:path';
import type { HostedModel, LocalSettings, ModelProvider, ModelPurpose } from '@parley/contracts';

/** What an online model is asked by. */
export interface OnlineModel {
  name: string;
  purpose: ModelPurpose;
  upstream_model: string | null;
  concurrency: number | null;
}

/** Where and with which key. */
export interface OpenedConnection {
  provider: ModelProvider;
  baseUrl: string;
  key: string | null;
}

/** The settings of a worker that asks a vendor or another server; the key stands in them. */
export function toOnlineWorker(
  model: OnlineModel,
  { provider, baseUrl, key }: OpenedConnection,
): HostedModel['worker'] {
  const { name, purpose, upstream_model, concurrency } = model;
  return {
    engine: provider.engine,
    name,
    purpose,
    base_url: baseUrl,
    upstream_model: upstream_model ?? name,
    ...(key !== null && { api_key: key }),
    ...(concurrency !== null && { concurrency }),
    ...(provider.engine === 'openai-compatible' && { provider: provider.id }),
  };
}

/** The settings of a worker that runs a file. */
export function toLocalWorker(
  { name, purpose, file }: { name: string; purpose: ModelPurpose; file: string },
  { local, modelsFolder }: { local: LocalSettings; modelsFolder: string },
): HostedModel['worker'] {
  const { max_gpu_memory_bytes: maxGpuMemory, ...settings } = local;
  return {
    engine: 'llama-cpp',
    name,
    purpose,
    // A name within the folder; an absolute path stays as it is.
    model_path: resolve(modelsFolder, file),
    ...settings,
    max_gpu_memory: maxGpuMemory,
  };
}
