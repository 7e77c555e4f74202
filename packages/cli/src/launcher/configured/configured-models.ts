import { join } from 'node:path';
import { capabilitiesSchema } from '@parley/contracts';
import type { Environment, LoadedSettings } from '../../settings/load-settings.ts';
import { GUIDE_MODEL } from '../../settings/model-settings.ts';
import { wellKnownModels } from '../../settings/well-known-models.ts';
import { PLAIN_ADMINISTRATION, type ConfiguredModel } from './configured-model.ts';
import { localModel } from './local-model.ts';
import { onlineModel } from './online-model.ts';

/** The guide, then the models of the settings, or the well-known ones where there are none. */
export function configuredModels({ settings, environment, home }: LoadedSettings, root: string): ConfiguredModel[] {
  if (settings.models.length === 0) return [guideModel(), ...suggestedModels(environment)];
  const folders = [join(home, 'models'), root];
  const listed = settings.models.map((model) =>
    model.engine === 'llama-cpp' ? localModel(model, folders) : onlineModel(model, environment),
  );
  return [guideModel(), ...listed];
}

function suggestedModels(environment: Environment): ConfiguredModel[] {
  return wellKnownModels().map((settings) => {
    const configured = onlineModel(settings, environment);
    return { ...configured, isSuggested: configured.catalogue.needs_key !== null };
  });
}

function guideModel(): ConfiguredModel {
  const { name, label, knowledge } = GUIDE_MODEL;
  const facts = { name, purpose: 'chat', kind: 'extractive' } as const;
  return {
    model: { ...facts, worker: { name, label, engine: 'extractive', purpose: 'chat' } },
    catalogue: {
      ...facts,
      label,
      knowledge,
      engine: 'extractive',
      needs_key: null,
      context_length: null,
      capabilities: capabilitiesSchema.parse({}),
      administration: { ...PLAIN_ADMINISTRATION, origin: 'built-in' },
    },
  };
}
