import type { CatalogueModel } from '@parley/contracts';
import type { ModelSettings } from '../../settings/model-settings.ts';
import type { WorkerModel } from '../worker-model.ts';

/** A model of the settings: as its process needs it, and as the application server shows it. */
export interface ConfiguredModel {
  model: WorkerModel;
  catalogue: CatalogueModel;
  /** Stands in no file, and its key is missing: only its variable is told. */
  isSuggested?: boolean;
}

/** What administrators see of a model of which nothing more is known. */
export const PLAIN_ADMINISTRATION = {
  origin: 'config-file',
  provider: null,
  upstream_model: null,
  file: null,
  local: null,
  prices: null,
  access: null,
} as const;

/** What the catalogue says of every model of the settings alike. */
export function commonFacts({ name, label = name, engine, purpose }: ModelSettings) {
  return { name, label, engine, purpose, knowledge: null };
}
