import { rm, stat } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { ParleyError } from '@parley/contracts';
import type { GgufHeader } from '@parley/service-kit/gguf';
import { filesOfModel, firstFileOf, readSplitName } from '@parley/service-kit/split-files';

/** A file that can be made a model of. */
export interface ModelFile {
  /** As it is stored: a name within the models folder, or an absolute path; the first file of a split model. */
  file: string;
  header: GgufHeader;
}

/** Files of models: those of the models folder, and others that an owner names by their absolute path. */
export class ModelFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what the file says of itself. Throws `invalid_request`, `model_file_missing`, `model_file_unreadable`. */
  async read(named: string): Promise<ModelFile> {
    const path = this.#pathOf(named);
    // Loaded with the first file that is looked at: an idle server need not hold it.
    const { readModelHeader } = await import('@parley/service-kit/gguf');
    return { file: this.nameOf(path), header: await readModelHeader(path) };
  }

  /** The stored form of a path. */
  nameOf(path: string): string {
    const first = firstFileOf(path);
    return this.#isInside(first) ? relative(this.#folder, first) : first;
  }

  /** The size of a model's files; null when none of them is there. */
  async bytes(file: string): Promise<number | null> {
    const sizes = filesOfModel(resolve(this.#folder, file)).map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => null,
      ),
    );
    const known = (await Promise.all(sizes)).filter((size) => size !== null);
    return known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0);
  }

  /** Throws `invalid_request` for a file outside the models folder: Parley deletes only what it fetched. */
  requireDeletable(file: string): void {
    if (this.#isInside(resolve(this.#folder, file))) return;
    const sentence = `with_file: the file "${file}" lies outside the models folder, so Parley does not delete it.`;
    throw new ParleyError('invalid_request', sentence, { param: 'with_file' });
  }

  async delete(file: string): Promise<void> {
    this.requireDeletable(file);
    for (const path of filesOfModel(resolve(this.#folder, file))) await rm(path, { force: true });
  }

  #pathOf(named: string): string {
    if (named.includes('\0')) throw wrongFile('the name holds a character that no file name may hold');
    if (isAbsolute(named)) return resolve(named);
    const path = resolve(this.#folder, named);
    if (this.#isInside(path)) return path;
    throw wrongFile('it lies outside the models folder; name it by its absolute path');
  }

  #isInside(path: string): boolean {
    return path.startsWith(resolve(this.#folder) + sep);
  }
}

/** A name for the model of a file: `qwen3-0.6b-q8_0` for `Qwen/Qwen3-0.6B-Q8_0.gguf`. */
export function modelNameOf(file: string): string {
  return (
    basename(readSplitName(file)?.base ?? file)
      .replace(/\.gguf$/i, '')
      .toLowerCase() || 'model'
  );
}

function wrongFile(reason: string): ParleyError {
  return new ParleyError('invalid_request', `file: ${reason}.`, { param: 'file' });
}
