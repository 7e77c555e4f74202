import {
  ParleyError,
  type createConnectionRequestSchema,
  type ModelConnection,
  type ModelPurpose,
  type TriedConnection,
  type tryConnectionRequestSchema,
  type updateConnectionRequestSchema,
  type VendorModel,
} from '@parley/contracts';
import type { z } from 'zod';
import type { ModelConnectionTable } from '../../database/schema.ts';
import type { ModelHosting } from '../hosting/model-hosting.ts';
import type { OpenedConnection } from '../hosting/worker-settings.ts';
import type { ModelDirectory } from '../model-directory.ts';
import type { ConnectionKeys } from '../stored/connection-keys.ts';
import type { ConnectionsRepository } from '../stored/connections.repository.ts';
import type { ModelsRepository, NewModel } from '../stored/models.repository.ts';
import { toStoredTarget, toTarget, type ProviderNamed } from './connection-target.ts';
import type { ConnectionTrial } from './connection-trial.ts';
import { chooseNames } from './model-names.ts';
import { toOnlineRow, type AskedOnlineModel } from './new-models.ts';

export interface ConnectionsServiceOptions {
  connections: ConnectionsRepository;
  models: Pick<ModelsRepository, 'insert'>;
  directory: Pick<ModelDirectory, 'list' | 'takenNames'>;
  hosting: Pick<ModelHosting, 'sync'>;
  keys: ConnectionKeys;
  trial: ConnectionTrial;
  providerNamed: ProviderNamed;
  now: () => number;
  newId: () => string;
}

type NewConnection = z.output<typeof createConnectionRequestSchema>;
type ChangedConnection = z.output<typeof updateConnectionRequestSchema>;

interface Testing {
  signal: AbortSignal;
  /** Where the name of a model stands in the request. */
  paramOf: (index: number) => string;
}

const nameInList = (index: number) => `models.${index}.name`;

/** Vendors' accounts and other servers: tried, added, changed, removed. Their keys leave it only to a worker. */
export class ConnectionsService {
  readonly #options: ConnectionsServiceOptions;

  constructor(options: ConnectionsServiceOptions) {
    this.#options = options;
  }

  async list(): Promise<ModelConnection[]> {
    return (await this.#options.connections.list()).map(toView);
  }

  try(typed: z.output<typeof tryConnectionRequestSchema>, signal: AbortSignal): Promise<TriedConnection> {
    return this.#options.trial.try(toTarget(typed, this.#options.providerNamed), signal);
  }

  /** Tests one of the models, stores the connection with all of them, and has them started. Answers its id. */
  async create({ models, name, ...typed }: NewConnection, signal: AbortSignal): Promise<string> {
    const { connections, keys, hosting, providerNamed, now, newId } = this.#options;
    const target = toTarget(typed, providerNamed);
    const { provider, baseUrl, key } = target;
    const id = newId();
    const rows = await this.#testedRows({ id, target }, models, { signal, paramOf: nameInList });
    const time = now();
    const times = { created_at: time, updated_at: time };
    const facts = { id, provider: provider.id, name: name ?? provider.label, base_url: baseUrl };
    await connections.insert({ ...facts, ...keys.seal(id, key), ...times }, rows);
    await hosting.sync();
    return id;
  }

  /** Tests one of further models and has all of them started. */
  async addModels(id: string, asked: readonly AskedOnlineModel[], signal: AbortSignal): Promise<void> {
    await this.#add(id, asked, { signal, paramOf: nameInList });
  }

  /** As `addModels`; answers its name. */
  async addModel(id: string, asked: AskedOnlineModel, signal: AbortSignal): Promise<string> {
    const [row] = await this.#add(id, [asked], { signal, paramOf: () => 'name' });
    if (row === undefined) throw new RangeError('One model has one row.');
    return row.name;
  }

  /** What it is reached by is tested before it takes the place of what is stored. */
  async update(id: string, change: ChangedConnection, signal: AbortSignal): Promise<ModelConnection> {
    const { connections, keys, hosting, now } = this.#options;
    const stored = await this.#require(id);
    const { name, base_url, api_key } = change;
    refuseKeyElsewhere(stored, change);
    const isReachedAnew = base_url !== undefined || api_key !== undefined;
    const target = isReachedAnew ? this.#target(stored, change) : null;
    if (target) {
      await this.#test(id, target, signal);
      refuseChanged(stored, await this.#require(id));
    }
    const columns = {
      ...(name !== undefined && { name }),
      ...(target && { base_url: target.baseUrl }),
      ...(api_key !== undefined && keys.seal(id, api_key)),
    };
    await connections.update(id, columns, now());
    if (isReachedAnew) await hosting.sync();
    return toView(await this.#require(id));
  }

  /** The vendor's list, asked for anew. */
  async vendorModels(id: string, signal: AbortSignal): Promise<VendorModel[]> {
    return this.#options.trial.list(this.#target(await this.#require(id), {}), signal);
  }

  /** With its models, whose running answers may finish. */
  async remove(id: string): Promise<void> {
    await this.#require(id);
    await this.#options.connections.remove(id);
    await this.#options.hosting.sync();
  }

  async #add(id: string, asked: readonly AskedOnlineModel[], testing: Testing): Promise<NewModel[]> {
    const { models, hosting, now } = this.#options;
    const target = this.#target(await this.#require(id), {});
    const rows = await this.#testedRows({ id, target }, asked, testing);
    // The test takes its time, and the connection may be gone by now.
    await this.#require(id);
    await models.insert(rows, now());
    await hosting.sync();
    return rows;
  }

  /** What is stored of models, once one of them has answered. */
  async #testedRows(
    { id, target }: { id: string; target: OpenedConnection },
    asked: readonly AskedOnlineModel[],
    { signal, paramOf }: Testing,
  ): Promise<NewModel[]> {
    const { directory, trial } = this.#options;
    const wanted = asked.map(({ name = null, upstream_model: base }, index) => ({ name, base, param: paramOf(index) }));
    // Also before the test: a name that is taken need not cost a token.
    chooseNames(wanted, await directory.takenNames());
    const tested = firstToTest(asked);
    if (tested) await trial.test(target, tested, signal);
    const names = chooseNames(wanted, await directory.takenNames());
    return asked.map((model, index) => toOnlineRow(model, names[index] ?? '', { id, provider: target.provider }));
  }

  /** By a model that it has, or by what its list begins with. */
  async #test(id: string, target: OpenedConnection, signal: AbortSignal): Promise<void> {
    const { directory, trial } = this.#options;
    const tested = firstToTest((await directory.list()).filter(({ connection }) => connection?.id === id));
    if (!tested) await trial.try(target, signal);
    else {
      const { name, upstream_model, purpose } = tested;
      await trial.test(target, { upstream_model: upstream_model ?? name, purpose }, signal);
    }
  }

  #target(stored: ModelConnectionTable, change: ChangedConnection): OpenedConnection {
    return toStoredTarget(stored, change, this.#options);
  }

  async #require(id: string): Promise<ModelConnectionTable> {
    const connection = await this.#options.connections.find(id);
    if (connection) return connection;
    throw new ParleyError('connection_not_found', 'There is no such connection.');
  }
}

/** A stored key goes to the host that it was given for, and to no other unless a person sends it there. */
function refuseKeyElsewhere(stored: ModelConnectionTable, { base_url, api_key }: ChangedConnection): void {
  if (base_url === undefined || api_key !== undefined || stored.sealed_key === null) return;
  if (new URL(base_url).origin === new URL(stored.base_url).origin) return;
  const message = 'The stored key is not sent to another host. Give the key together with the new address.';
  throw new ParleyError('invalid_request', message, { param: 'api_key' });
}

/** What was tested must be what is stored: an address of one change is not to get the key of another. */
function refuseChanged(tested: ModelConnectionTable, now: ModelConnectionTable): void {
  if (tested.base_url === now.base_url && tested.sealed_key === now.sealed_key) return;
  const message = 'This connection was changed in another place meanwhile. Look at it again before you change it.';
  throw new ParleyError('invalid_request', message);
}

/** A chat model before others: what people are to talk to is what must answer. */
function firstToTest<Model extends { purpose: ModelPurpose }>(models: readonly Model[]): Model | undefined {
  return models.find(({ purpose }) => purpose === 'chat') ?? models[0];
}

function toView({
  id,
  provider,
  name,
  base_url,
  sealed_key,
  key_hint,
  created_at,
}: ModelConnectionTable): ModelConnection {
  return { id, provider, name, base_url, has_key: sealed_key !== null, key_hint, created_at };
}
