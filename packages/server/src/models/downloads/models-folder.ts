import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError, type ModelLibrary } from '@parley/contracts';
import { filesOfModel, firstFileOf } from '@parley/service-kit/split-files';

type ModelFile = ModelLibrary['files'][number];

/** Names of the configured models that use a file of the models folder, by the file's name. */
export type UsersOfFiles = () => Promise<ReadonlyMap<string, readonly string[]>>;

/** What a folder holds of one model. */
export interface FoundModel {
  /** Named by its first file, be that there or not. */
  model: ModelFile;
  /** Not all of the files that it is split into are there. */
  isIncomplete: boolean;
}

/** The models of a folder, by name. */
export async function findModels(folder: string, usersOfFiles: UsersOfFiles): Promise<FoundModel[]> {
  const users = await usersOfFiles();
  const names = await readdir(folder).catch(() => []);
  const sizes = names
    .filter((name) => /\.gguf$/i.test(name))
    .map(async (name) => ({ name, found: await stat(join(folder, name)).catch(() => null) }));
  const files = (await Promise.all(sizes)).flatMap(({ name, found }) =>
    found?.isFile() ? [{ name, size: found.size }] : [],
  );
  return [...Map.groupBy(files, ({ name }) => firstFileOf(name))]
    .map(([file, parts]) => ({
      model: {
        file,
        size_bytes: parts.reduce((sum, { size }) => sum + size, 0),
        used_by: [...(users.get(file) ?? [])],
      },
      isIncomplete: parts.length < filesOfModel(file).length,
    }))
    .toSorted((one, other) => one.model.file.localeCompare(other.model.file));
}

/** Removes the files of a model. Throws `not_found`, and `invalid_request` for one that a model uses. */
export async function deleteModelFile(folder: string, file: string, usersOfFiles: UsersOfFiles): Promise<void> {
  // Looked up among those that are there, so that no name leads elsewhere.
  const first = firstFileOf(file);
  const there = await findModels(folder, usersOfFiles);
  const found = there.map(({ model }) => model).find((model) => model.file === first);
  if (!found) throw new ParleyError('not_found', `There is no file "${file}" in the models folder.`);
  if (found.used_by.length > 0) {
    const sentence = `The file "${file}" is used by ${found.used_by.join(', ')}; delete what uses it first.`;
    throw new ParleyError('invalid_request', sentence);
  }
  for (const name of filesOfModel(found.file)) await rm(join(folder, name), { force: true });
}
