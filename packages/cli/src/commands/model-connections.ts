import { MODEL_PROVIDERS, providerNamed, type ModelProvider, type TriedConnection } from '@parley/contracts';
import { requireRunningSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { readSecretLines } from '../terminal/read-secret-lines.ts';
import { toTable } from '../terminal/table.ts';
import type { JsonOption } from './models.ts';

export interface ConnectOptions {
  baseUrl?: string;
  /** Variable that holds the key. */
  keyFrom?: string;
  /** False with `--no-key`. */
  key: boolean;
  model?: string[];
}

/** `parley models connect <provider>`: asks it what the key opens, then adds the models. */
export async function connectProvider(context: CommandContext, name: string, options: ConnectOptions): Promise<void> {
  const { say } = context;
  const provider = providerNamed(name);
  if (!provider) throw new CommandError(say.models.unknownProvider(name));
  const { models } = requireRunningSystem(context);
  const key = await readKey(context, provider, options);
  const { baseUrl } = options;
  const connection = { provider: name, ...(baseUrl && { base_url: baseUrl }), ...(key !== null && { api_key: key }) };
  console.error(say.models.trying(provider.label));
  const tried = await models.try(connection);
  if (tried.tested) console.error(say.models.tried(tried.tested.model, tried.tested.total_ms));
  const chosen = options.model ?? recommendedOf(tried);
  if (chosen.length === 0) throw new CommandError(say.models.nothingOffered);
  const made = await models.connect({ ...connection, models: chosen.map((id) => toNewModel(id, tried)) });
  // As they are called here: a vendor's name that another model has was made unique.
  const added = made.models.filter((model) => model.connection_id === made.connection_id).map((model) => model.name);
  console.log(say.models.connected(added));
}

function recommendedOf({ models }: TriedConnection): string[] {
  const recommended = models.filter(({ is_recommended: isRecommended }) => isRecommended);
  return (recommended.length > 0 ? recommended : models.slice(0, 1)).map(({ id }) => id);
}

function toNewModel(id: string, { models }: TriedConnection) {
  const known = models.find((model) => model.id === id);
  if (!known) return { upstream_model: id };
  const { label, purpose, context_length, capabilities, prices } = known;
  return { upstream_model: id, label, purpose, context_length, capabilities, prices };
}

async function readKey(
  { loaded, say }: CommandContext,
  { key }: Pick<ModelProvider, 'key'>,
  options: Pick<ConnectOptions, 'key' | 'keyFrom'>,
): Promise<string | null> {
  if (options.keyFrom !== undefined) {
    const value = loaded.environment[options.keyFrom];
    if (!value) throw new CommandError(say.models.variableEmpty(options.keyFrom));
    return value;
  }
  if (!options.key || key === 'none') return null;
  const [typed = ''] = await readSecretLines([say.models.askKey], { input: process.stdin, output: process.stderr });
  if (typed.trim() !== '') return typed.trim();
  if (key === 'optional') return null;
  throw new CommandError(say.models.keyMissing);
}

/** `parley models providers`: needs no running system. */
export function listProviders({ say }: CommandContext): void {
  const rows = MODEL_PROVIDERS.map(({ id, label, keyVariable, baseUrl }) => [
    id,
    label,
    keyVariable ?? '–',
    baseUrl ?? '–',
  ]);
  console.log(toTable([say.models.providerHead, ...rows]));
}

/** `parley models servers`: what answers on this machine. */
export async function listServers(context: CommandContext, { json }: JsonOption): Promise<void> {
  const { say } = context;
  const found = await requireRunningSystem(context).models.servers();
  if (json) return console.log(JSON.stringify(found));
  if (found.servers.length === 0) return console.log(say.models.noServers);
  const rows = found.servers.map(({ provider, label, base_url: url }) => [provider, label, url]);
  console.log(toTable([say.models.serverHead, ...rows]));
}

/** `parley models connections`. */
export async function listConnections(context: CommandContext, { json }: JsonOption): Promise<void> {
  const { say } = context;
  const { connections } = await requireRunningSystem(context).models.overview();
  if (json) return console.log(JSON.stringify({ connections }));
  if (connections.length === 0) return console.log(say.models.noConnections);
  const rows = connections.map(({ id, name, base_url: url, key_hint: hint }) => [id, name, url, hint ?? '–']);
  console.log(toTable([say.models.connectionHead, ...rows]));
}

/** `parley models set-key <connection>`. */
export async function setConnectionKey(
  context: CommandContext,
  id: string,
  options: { keyFrom?: string },
): Promise<void> {
  const { models } = requireRunningSystem(context);
  const key = await readKey(context, { key: 'required' }, { key: true, ...options });
  await models.changeConnection(id, { api_key: key ?? '' });
  console.log(context.say.models.keyChanged);
}

/** `parley models disconnect <connection>`. */
export async function disconnect(context: CommandContext, id: string): Promise<void> {
  await requireRunningSystem(context).models.disconnect(id);
  console.log(context.say.models.disconnected);
}
