import {
  capabilitiesSchema,
  MODEL_PROVIDERS,
  providerNamed,
  type CatalogueModel,
  type ModelProvider,
} from '@parley/contracts';
import type { Environment } from '../../settings/load-settings.ts';
import type { OnlineModelSettings } from '../../settings/model-settings.ts';
import { commonFacts, PLAIN_ADMINISTRATION, type ConfiguredModel } from './configured-model.ts';

const UNKNOWN_MODEL = { context_length: null, capabilities: capabilitiesSchema.parse({}), prices: null };

/** A model that a vendor or another server runs; what the settings leave out is its preset's. */
export function onlineModel(settings: OnlineModelSettings, environment: Environment): ConfiguredModel {
  const provider = providerOf(settings);
  const { key, missing } = findKey(settings, provider, environment);
  const baseUrl = settings.base_url ?? presetAddress(settings, provider);
  const { api_key_env: _variable, capabilities: _can, access: _who, prices: _price, ...rest } = settings;
  const { context_length: _tokens, ...worker } = rest;
  return {
    model: {
      name: worker.name,
      purpose: worker.purpose,
      kind: 'online',
      worker: { ...worker, ...(baseUrl !== null && { base_url: baseUrl }), ...(key !== null && { api_key: key }) },
    },
    catalogue: { ...commonFacts(settings), ...knownFacts(settings, provider), kind: 'online', needs_key: missing },
  };
}

/** The preset behind an entry: the one it names, or the one vendor of its engine. */
function providerOf(settings: OnlineModelSettings): ModelProvider | undefined {
  if (settings.engine !== 'openai-compatible') return MODEL_PROVIDERS.find(({ engine }) => engine === settings.engine);
  return settings.provider === undefined ? undefined : providerNamed(settings.provider);
}

// The engines of one vendor know its address themselves.
function presetAddress({ engine }: OnlineModelSettings, provider: ModelProvider | undefined): string | null {
  return engine === 'openai-compatible' ? (provider?.baseUrl ?? null) : null;
}

/** The key, and the variable that is to hold it when one is needed and missing. */
function findKey(settings: OnlineModelSettings, provider: ModelProvider | undefined, environment: Environment) {
  const variable = settings.api_key_env ?? provider?.keyVariable ?? null;
  const key = settings.api_key ?? (variable === null ? undefined : environment[variable]);
  if (key) return { key, missing: null };
  const isNeeded = settings.api_key_env !== undefined || provider?.key === 'required';
  return { key: null, missing: isNeeded ? variable : null };
}

function knownFacts(
  settings: OnlineModelSettings,
  provider: ModelProvider | undefined,
): Pick<CatalogueModel, 'context_length' | 'capabilities' | 'administration'> {
  const { upstream_model: upstream = settings.name, access = null } = settings;
  const known = provider?.models.find(({ id }) => id === upstream) ?? UNKNOWN_MODEL;
  const { context_length = known.context_length, capabilities = known.capabilities, prices = known.prices } = settings;
  return {
    context_length,
    capabilities,
    administration: {
      ...PLAIN_ADMINISTRATION,
      provider: provider?.id ?? null,
      upstream_model: upstream,
      prices,
      access,
    },
  };
}
