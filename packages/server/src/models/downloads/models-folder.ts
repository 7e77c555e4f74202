import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError, type ModelLibrary } from '@parley/contracts';

type ModelFile = ModelLibrary['files'][number];

/** Names of the configured models that use a file of the models folder, by the file's name. */
export type UsersOfFiles = () => Promise<ReadonlyMap<string, readonly string[]>>;

/** The whole model files of a folder, by name. */
export async function listModelFiles(folder: string, usersOfFiles: UsersOfFiles): Promise<ModelFile[]> {
  const users = await usersOfFiles();
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => /\.gguf$/i.test(name))
      .map(async (file) => ({ file, found: await stat(join(folder, file)).catch(() => null) })),
  );
  return files
    .flatMap(({ file, found }) =>
      found?.isFile() ? [{ file, size_bytes: found.size, used_by: [...(users.get(file) ?? [])] }] : [],
    )
    .toSorted((one, other) => one.file.localeCompare(other.file));
}

/** Throws `not_found`, and `invalid_request` for a file that a model uses. */
export async function deleteModelFile(folder: string, file: string, usersOfFiles: UsersOfFiles): Promise<void> {
  // Looked up among those that are there, so that no name leads elsewhere.
  const found = (await listModelFiles(folder, usersOfFiles)).find((candidate) => candidate.file === file);
  if (!found) throw new ParleyError('not_found', `There is no file "${file}" in the models folder.`);
  if (found.used_by.length > 0) {
    const sentence = `The file "${file}" is used by ${found.used_by.join(', ')}; delete what uses it first.`;
    throw new ParleyError('invalid_request', sentence);
  }
  await rm(join(folder, file), { force: true });
}
