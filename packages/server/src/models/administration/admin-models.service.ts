import { localSettingsSchema, type CreateModelRequest, type UpdateModelRequest } from '@parley/contracts';
import type { ModelHosting } from '../hosting/model-hosting.ts';
import type { ModelDirectory } from '../model-directory.ts';
import { userIdsOf } from '../stored/model-access.ts';
import type { ModelsRepository } from '../stored/models.repository.ts';
import { requireUnlocked, toColumns } from './model-change.ts';
import { modelNameOf, type ModelFiles } from './model-files.ts';
import { chooseNames } from './model-names.ts';
import { toLocalRow } from './new-models.ts';

export interface AdminModelsServiceOptions {
  models: ModelsRepository;
  directory: Pick<ModelDirectory, 'list' | 'find' | 'takenNames'>;
  hosting: Pick<ModelHosting, 'sync'>;
  files: ModelFiles;
  /** Ids of the accounts of these names, in their order; null for a name that nobody has. */
  userIds: (names: readonly string[]) => Promise<(string | null)[]>;
  now: () => number;
}

type NewLocalModel = Extract<CreateModelRequest, { file: string }>;

/** Models of the page: those of files added, all of them changed and removed. Those of the configuration file are locked but for their access. */
export class AdminModelsService {
  readonly #options: AdminModelsServiceOptions;
  /** Changes run one after the other: settings are stored as a whole, and two must not begin with the same. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AdminModelsServiceOptions) {
    this.#options = options;
  }

  /** Answers its name. */
  async create(request: NewLocalModel): Promise<string> {
    const { models, directory, files, hosting, now } = this.#options;
    const file = await files.read(request.file);
    const wanted = { name: request.name ?? null, base: modelNameOf(file.file), param: 'name' };
    const [name = wanted.base] = chooseNames([wanted], await directory.takenNames());
    await models.insert([toLocalRow(request, name, file)], now());
    await hosting.sync();
    return name;
  }

  update(name: string, change: UpdateModelRequest): Promise<void> {
    const turn = this.#turn.then(() => this.#update(name, change));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #update(name: string, { access, ...change }: UpdateModelRequest): Promise<void> {
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
}
