import type { CatalogueModel, LocalSettings, ModelAccess, Prices } from '@parley/contracts';
import type { ModelConnectionTable } from '../database/schema.ts';
import type { StoredModel } from './stored/models.repository.ts';

/** A model of the configuration or of the page: all that is set for it, and nothing of how it fares. */
export interface KnownModel extends Omit<CatalogueModel, 'administration'> {
  origin: 'built-in' | 'config-file' | 'page';
  access: ModelAccess;
  upstream_model: string | null;
  file: string | null;
  local: LocalSettings | null;
  prices: Prices | null;
  is_released: boolean;
  /** Why it cannot be started before somebody changes something; null when it can. */
  obstacle: string | null;
  /** Its row and its connection, when it was added on the page. */
  stored: StoredModel | null;
  connection: ModelConnectionTable | null;
}

/** A model of the launcher's settings; what a row says of its access goes before. */
export function fromCatalogue({ administration, ...model }: CatalogueModel, row: StoredModel | undefined): KnownModel {
  const { origin, access, upstream_model = null, file = null, local = null, prices = null } = administration ?? {};
  return {
    ...model,
    origin: origin ?? (model.kind === 'extractive' ? 'built-in' : 'config-file'),
    access: row ? accessOf(row) : (access ?? { mode: 'everyone', users: [] }),
    upstream_model,
    file,
    local,
    prices,
    is_released: false,
    obstacle: null,
    stored: null,
    connection: null,
  };
}

/** A model of the page. */
export function fromRow(
  row: StoredModel,
  { connection, engine, obstacle }: Pick<KnownModel, 'connection' | 'engine' | 'obstacle'>,
): KnownModel {
  const { name, label, purpose, file, is_released, settings } = row;
  const { local, upstream_model, capabilities, prices } = settings;
  return {
    name,
    label,
    kind: connection === null ? 'local' : 'online',
    engine,
    purpose,
    needs_key: null,
    knowledge: null,
    context_length: local?.context_length ?? settings.context_length,
    capabilities,
    origin: 'page',
    access: accessOf(row),
    upstream_model,
    file,
    local,
    prices,
    is_released,
    obstacle,
    stored: row,
    connection,
  };
}

function accessOf({ access, users }: StoredModel): ModelAccess {
  return { mode: access, users: access === 'chosen' ? users.map(({ name }) => name) : [] };
}
