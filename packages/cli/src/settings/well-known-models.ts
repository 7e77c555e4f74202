import { MODEL_PROVIDERS, type ModelProvider, type VendorModel } from '@parley/contracts';
import { onlineModelSettingsSchema, type OnlineModelSettings } from './model-settings.ts';

/**
 * The models of a fresh install, each of which needs nothing but its key: of every vendor whose key has
 * a variable, what its preset recommends first for each purpose. One is enough to begin with, and each
 * is a process; the page offers the others.
 */
export function wellKnownModels(providers: readonly ModelProvider[] = MODEL_PROVIDERS): OnlineModelSettings[] {
  const models = new Map<string, OnlineModelSettings>();
  for (const provider of providers) {
    if (provider.keyVariable === null || provider.key !== 'required' || provider.baseUrl === null) continue;
    for (const model of firstOfEachPurpose(provider)) {
      // A name that two have stays with the one that comes first.
      if (!models.has(model.id)) models.set(model.id, toSettings(provider, model));
    }
  }
  return [...models.values()];
}

function firstOfEachPurpose({ models }: ModelProvider): VendorModel[] {
  const recommended = models.filter(({ is_recommended: isRecommended }) => isRecommended);
  return recommended.filter((model) => recommended.find(({ purpose }) => purpose === model.purpose) === model);
}

function toSettings(provider: ModelProvider, model: VendorModel): OnlineModelSettings {
  return onlineModelSettingsSchema.parse({
    name: model.id,
    label: `${model.label ?? model.id} (${provider.label})`,
    engine: provider.engine,
    purpose: model.purpose,
    ...(provider.engine === 'openai-compatible' && { provider: provider.id }),
  });
}
