import { ParleyError, type ModelProvider } from '@parley/contracts';
import type { ModelConnectionTable } from '../../database/schema.ts';
import type { OpenedConnection } from '../hosting/worker-settings.ts';
import type { ConnectionKeys } from '../stored/connection-keys.ts';

export type ProviderNamed = (id: string) => ModelProvider | undefined;

/** What somebody typed to reach a provider. */
export interface TypedConnection {
  provider: string;
  base_url?: string | null | undefined;
  api_key?: string | null | undefined;
}

/** What was typed, filled up from the preset. Throws `invalid_request` that names what is missing. */
export function toTarget(typed: TypedConnection, providerNamed: ProviderNamed): OpenedConnection {
  const provider = providerNamed(typed.provider);
  if (provider === undefined) throw wrong('provider', `there is no provider "${typed.provider}"`);
  const baseUrl = typed.base_url ?? provider.baseUrl;
  if (baseUrl === null) throw wrong('base_url', `${provider.label} needs the address of its server`);
  const key = typed.api_key ?? null;
  if (key === null && provider.key === 'required') throw wrong('api_key', `${provider.label} needs a key`);
  return { provider, baseUrl: withoutSlash(baseUrl), key };
}

/** A stored connection, its key opened, with what shall become of it. */
export function toStoredTarget(
  connection: ModelConnectionTable,
  change: { base_url?: string | undefined; api_key?: string | undefined },
  { keys, providerNamed }: { keys: ConnectionKeys; providerNamed: ProviderNamed },
): OpenedConnection {
  const { provider, base_url } = connection;
  // Not opened where it is replaced: a key that another secret sealed is mended by entering it again.
  const key = change.api_key ?? keys.open(connection);
  return toTarget({ provider, base_url: change.base_url ?? base_url, api_key: key }, providerNamed);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function wrong(param: string, reason: string): ParleyError {
  return new ParleyError('invalid_request', `${param}: ${reason}.`, { param });
}
