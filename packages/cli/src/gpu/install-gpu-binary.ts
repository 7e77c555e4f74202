import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { scoped, type BinaryFolder } from './gpu-binaries.ts';
import { npmInstall, type NpmInstall } from './npm-install.ts';

const LOOKS_EVERY_MS = 1_000;
/** The packed form lies beside the unpacked one until the end. */
const ROOM_FACTOR = 2;

export interface InstallGpuBinary {
  binaries: BinaryFolder;
  version: string;
  packages: readonly string[];
  sizeBytes: number;
  npm: string | undefined;
  onProgress: (bytes: number) => void;
  install?: (order: NpmInstall) => Promise<void>;
}

/** There is not enough room for it. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
  readonly missingBytes: number;

  constructor(missingBytes: number) {
    super(`${missingBytes} bytes are missing`);
    this.missingBytes = missingBytes;
  }
}

/**
 * Fetches the packages beside their place and moves them in once all are there, so that a break leaves
 * what was. Throws `NoRoomError`, and npm's own words.
 */
export async function installGpuBinary(order: InstallGpuBinary): Promise<void> {
  const { binaries, version, packages, install = npmInstall } = order;
  const { bavail, bsize } = statfsSync(binaries.modulesFolder);
  const missing = order.sizeBytes * ROOM_FACTOR - bavail * bsize;
  if (missing > 0) throw new NoRoomError(missing);
  const folder = mkdtempSync(join(binaries.modulesFolder, '.parley-gpu-'));
  const prefix = join(folder, 'prefix');
  mkdirSync(prefix);
  const looking = setInterval(() => void sizeOf(prefix).then(order.onProgress), LOOKS_EVERY_MS);
  try {
    const names = packages.map((name) => `${scoped(name)}@${version}`);
    await install({ packages: names, prefix, cache: join(folder, 'cache'), npm: order.npm });
    for (const name of packages) binaries.put(name, join(prefix, 'node_modules'));
  } finally {
    clearInterval(looking);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes of all files; those that come and go meanwhile count as nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) =>
      stat(join(folder, entry)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
