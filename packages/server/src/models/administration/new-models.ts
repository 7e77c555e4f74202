import {
  capabilitiesSchema,
  type LocalSettings,
  type ModelProvider,
  type ModelPurpose,
  type Capabilities,
  type Prices,
} from '@parley/contracts';
import { storedSettingsSchema } from '../stored/stored-settings.ts';
import type { NewModel } from '../stored/models.repository.ts';
import type { ModelFile } from './model-files.ts';

/** A model of a connection as it was asked for. */
export interface AskedOnlineModel {
  upstream_model: string;
  name?: string | null | undefined;
  label?: string | null | undefined;
  purpose: ModelPurpose;
  context_length?: number | null | undefined;
  capabilities?: Capabilities | null | undefined;
  prices?: Prices | null | undefined;
}

/** The row of an online model; what was left out is taken from the preset. */
export function toOnlineRow(
  asked: AskedOnlineModel,
  name: string,
  { id, provider }: { id: string; provider: ModelProvider },
): NewModel {
  const { upstream_model, purpose } = asked;
  const known = provider.models.find((model) => model.id === upstream_model) ?? UNKNOWN;
  const settings = storedSettingsSchema.parse({
    upstream_model,
    context_length: asked.context_length ?? known.context_length,
    capabilities: asked.capabilities ?? known.capabilities,
    prices: asked.prices ?? known.prices,
  });
  const label = asked.label ?? known.label ?? upstream_model;
  return { name, label, purpose, connection_id: id, file: null, settings };
}

/** What is known of a model that stands in no preset. */
const UNKNOWN = { label: null, context_length: null, capabilities: capabilitiesSchema.parse({}), prices: null };

/** The row of a model that runs here. */
export function toLocalRow(
  asked: { label?: string | null | undefined; purpose?: ModelPurpose | null | undefined; local: LocalSettings },
  name: string,
  { file, header }: ModelFile,
): NewModel {
  // A template that names tools can be given some; what else it can do, no file says.
  const capabilities = { tools: /\btools\b/.test(header.chatTemplate ?? '') };
  const settings = storedSettingsSchema.parse({
    context_length: header.contextLength,
    capabilities,
    local: asked.local,
  });
  const label = asked.label ?? (header.name?.trim() || name);
  return {
    name,
    label: label.slice(0, 256),
    purpose: asked.purpose ?? header.purpose,
    connection_id: null,
    file,
    settings,
  };
}
