import { isNativeCrash, type Exit } from './start-failure.ts';

/** So many in a row are no accident: the file, or the machine, is at fault. */
const GIVES_UP_AFTER = 3;

/** Counts how often native code broke down on a model file without having run well in between. */
export class CrashCount {
  readonly #modelFile: string | null;
  #crashes = 0;

  /** `modelFile` is null for a process that runs no native code on a file: it is never given up. */
  constructor(modelFile: string | null) {
    this.#modelFile = modelFile;
  }

  /** It ran well for a while. */
  forget(): void {
    this.#crashes = 0;
  }

  /** Why it is not to be started again, as a whole sentence; null when it is. */
  count(exit: Exit): string | null {
    if (this.#modelFile === null || !isNativeCrash(exit)) return null;
    this.#crashes += 1;
    if (this.#crashes < GIVES_UP_AFTER) return null;
    return `The engine crashed ${this.#crashes} times in a row with the model file ${this.#modelFile}; the file may be broken, or made for another version of llama.cpp.`;
  }
}
