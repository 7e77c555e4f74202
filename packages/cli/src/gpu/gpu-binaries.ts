import { existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';

/** What llama.cpp may be run on beside the processor. */
export type GpuKind = 'cuda' | 'vulkan';
export const GPU_KINDS: readonly GpuKind[] = ['cuda', 'vulkan'];

interface GpuBinary {
  /** npm's packages, without their scope. */
  packages: readonly string[];
  /** Bytes on the disk, about. */
  sizeBytes: number;
}

const SIZES: Readonly<Record<GpuKind, number>> = { cuda: 540e6, vulkan: 71e6 };
const SCOPE = '@node-llama-cpp';
const STUB = 'no-binary';
const manifestSchema = z.looseObject({ name: z.string(), version: z.string() });

/** The packages of a kind on a machine; null where llama.cpp has none, or brings them anyway (Metal). */
export function gpuBinary(kind: GpuKind, { platform, arch }: { platform: string; arch: string }): GpuBinary | null {
  const system = { linux: 'linux', win32: 'win' }[platform];
  if (system === undefined || arch !== 'x64') return null;
  const name = `${system}-x64-${kind}`;
  return { packages: kind === 'cuda' ? [name, `${name}-ext`] : [name], sizeBytes: SIZES[kind] };
}

/** A checkout's place of llama.cpp's binaries: the large ones are stubs until somebody wants them. */
export class BinaryFolder {
  readonly #root: string;

  /** `root` is the checkout. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Where a new package is best prepared: on the same disk, so that it is moved whole. */
  get modulesFolder(): string {
    return join(this.#root, 'node_modules');
  }

  /** The version that binaries must have exactly; null when llama.cpp itself is not installed. */
  get version(): string | null {
    return readManifest(join(this.modulesFolder, 'node-llama-cpp'))?.version ?? null;
  }

  /** Whether all packages are there, in the right version, and no stubs. */
  has({ packages }: Pick<GpuBinary, 'packages'>): boolean {
    const wanted = this.version;
    return packages.every((name) => {
      const manifest = readManifest(this.#place(name));
      return manifest !== null && manifest.name !== STUB && manifest.version === wanted;
    });
  }

  /** Moves a package from a folder of npm's into its place. */
  put(name: string, modulesFolder: string): void {
    const place = this.#place(name);
    // A stub is a link, of which the link alone is removed.
    rmSync(place, { recursive: true, force: true });
    renameSync(join(modulesFolder, SCOPE, name), place);
  }

  /** Puts the stub back; answers whether there was anything to take away. */
  takeAway(name: string): boolean {
    const place = this.#place(name);
    const isThere = existsSync(place);
    if (isThere && lstatSync(place).isSymbolicLink()) return false;
    rmSync(place, { recursive: true, force: true });
    const stub = join(this.#root, 'scripts', STUB);
    symlinkSync(relative(join(this.modulesFolder, SCOPE), stub), place, 'junction');
    return isThere;
  }

  #place(name: string): string {
    return join(this.modulesFolder, SCOPE, name);
  }
}

/** A package's name as npm knows it. */
export function scoped(name: string): string {
  return `${SCOPE}/${name}`;
}

function readManifest(folder: string): z.output<typeof manifestSchema> | null {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  } catch {
    return null;
  }
}
