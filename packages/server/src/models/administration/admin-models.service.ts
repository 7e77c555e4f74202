import { localSettingsSchema, ParleyError, type CreateModelRequest, type UpdateModelRequest } from '@parley/contracts';
import type { ModelHosting } from '../hosting/model-hosting.ts';
import type { ModelDirectory } from '../model-directory.ts';
import type { ConnectionsRepository } from '../stored/connections.repository.ts';
import { userIdsOf } from '../stored/model-access.ts';
import type { ModelsRepository, NewModel } from '../stored/models.repository.ts';
import type { ProviderNamed } from './connection-target.ts';
import { requireUnlocked, toColumns } from './model-change.ts';
import { modelNameOf, type ModelFiles } from './model-files.ts';
import { chooseNames } from './model-names.ts';
import { toLocalRow, toOnlineRow } from './new-models.ts';

export interface AdminModelsServiceOptions {
  models: ModelsRepository;
  connections: Pick<ConnectionsRepository, 'find'>;
  directory: Pick<ModelDirectory, 'list' | 'find' | 'takenNames'>;
  hosting: Pick<ModelHosting, 'sync'>;
  files: ModelFiles;
  /** Ids of the accounts of these names, in their order; null for a name that nobody has. */
  userIds: (names: readonly string[]) => Promise<(string | null)[]>;
  providerNamed: ProviderNamed;
  now: () => number;
}

type NewOnlineModel = Extract<CreateModelRequest, { connection_id: string }>;
type NewLocalModel = Extract<CreateModelRequest, { file: string }>;

/** Models of the page: added, changed, removed. Those of the configuration file are locked but for their access. */
export class AdminModelsService {
  readonly #options: AdminModelsServiceOptions;

  constructor(options: AdminModelsServiceOptions) {
    this.#options = options;
  }

  /** Answers its name. */
  async create(request: CreateModelRequest): Promise<string> {
    const { models, hosting, now } = this.#options;
    const row = 'file' in request ? await this.#readLocal(request) : await this.#readOnline(request);
    await models.insert(row, now());
    await hosting.sync();
    return row.name;
  }

  async update(name: string, { access, ...change }: UpdateModelRequest): Promise<void> {
    const { models, directory, hosting, now } = this.#options;
    const model = await directory.find(name);
    const isChanged = Object.values(change).some((value) => value !== undefined);
    const columns = isChanged ? toColumns(requireUnlocked(model), change) : null;
    const userIds = access && (await userIdsOf(access, this.#options.userIds));
    if (columns) await models.update(name, columns, now());
    if (access && userIds) await models.setAccess(model, { mode: access.mode, userIds }, now());
    if (columns?.settings) await hosting.sync();
  }

  /** The file goes only when that is asked for, and no other model uses it. */
  async remove(name: string, { withFile }: { withFile: boolean }): Promise<void> {
    const { models, directory, hosting, files } = this.#options;
    const { file } = requireUnlocked(await directory.find(name));
    if (withFile && file !== null) files.requireDeletable(file);
    await models.remove(name);
    await hosting.sync();
    if (!withFile || file === null) return;
    const isUsed = (await this.usersOfFiles()).has(files.nameOf(file));
    if (!isUsed) await files.delete(file);
  }

  /** The name of the model of a file of the models folder; it is made where there is none. */
  async addFile(file: string): Promise<string> {
    const [existing] = (await this.usersOfFiles()).get(file) ?? [];
    return existing ?? this.create({ file, local: localSettingsSchema.parse({}) });
  }

  /** Names of the models that use a file, by the file's name or its absolute path. */
  async usersOfFiles(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { directory, files } = this.#options;
    const users = new Map<string, string[]>();
    for (const { name, file } of await directory.list()) {
      if (file === null) continue;
      const key = files.nameOf(file);
      users.set(key, [...(users.get(key) ?? []), name]);
    }
    return users;
  }

  async #readOnline(request: NewOnlineModel): Promise<NewModel> {
    const { connections, providerNamed } = this.#options;
    const connection = await connections.find(request.connection_id);
    if (!connection) throw new ParleyError('connection_not_found', 'There is no such connection.');
    const provider = providerNamed(connection.provider);
    if (!provider) {
      throw new ParleyError(
        'invalid_request',
        `This version of Parley does not know the provider "${connection.provider}".`,
      );
    }
    const name = await this.#chooseName(request.name, request.upstream_model);
    return toOnlineRow(request, name, { id: connection.id, provider });
  }

  async #readLocal(request: NewLocalModel): Promise<NewModel> {
    const file = await this.#options.files.read(request.file);
    return toLocalRow(request, await this.#chooseName(request.name, modelNameOf(file.file)), file);
  }

  async #chooseName(name: string | null | undefined, base: string): Promise<string> {
    const [chosen = base] = chooseNames(
      [{ name: name ?? null, base, param: 'name' }],
      await this.#options.directory.takenNames(),
    );
    return chosen;
  }
}
