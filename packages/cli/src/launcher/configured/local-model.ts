import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { capabilitiesSchema, localSettingsSchema, type LocalSettings } from '@parley/contracts';
import type { LocalModelSettings } from '../../settings/model-settings.ts';
import { commonFacts, PLAIN_ADMINISTRATION, type ConfiguredModel } from './configured-model.ts';

/** A model that runs here. Its file is looked for in `folders`, in their order. */
export function localModel(settings: LocalModelSettings, folders: readonly string[]): ConfiguredModel {
  const { access = null, capabilities = {}, ...worker } = settings;
  const file = resolveModelFile(worker.model_path, folders);
  return {
    model: { name: worker.name, purpose: worker.purpose, kind: 'local', worker: { ...worker, model_path: file } },
    catalogue: {
      ...commonFacts(settings),
      kind: 'local',
      needs_key: null,
      context_length: settings.context_length ?? null,
      capabilities: capabilitiesSchema.parse(capabilities),
      administration: { ...PLAIN_ADMINISTRATION, file, local: toLocalSettings(settings), access },
    },
  };
}

/** The first of these folders that has the file; within the first when none has it, for the worker to name. */
function resolveModelFile(path: string, folders: readonly string[]): string {
  if (isAbsolute(path)) return path;
  const places = folders.map((folder) => join(folder, path));
  return places.find((place) => existsSync(place)) ?? places[0] ?? path;
}

function toLocalSettings(settings: LocalModelSettings): LocalSettings {
  const { context_length, parallel, gpu_layers, num_gpus, threads, max_gpu_memory: bytes } = settings;
  const named = { context_length, parallel, gpu_layers, num_gpus, threads, max_gpu_memory_bytes: bytes };
  return localSettingsSchema.parse(named);
}
