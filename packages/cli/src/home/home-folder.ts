import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where things stand under `PARLEY_HOME`. */
export interface HomeFolder {
  path: string;
  secretsFile: string;
  launcherFile: string;
  lockFile: string;
}

/** Names the places; makes nothing. */
export function homeFolder(path: string): HomeFolder {
  return {
    path,
    secretsFile: join(path, 'secrets.json'),
    launcherFile: join(path, 'launcher.json'),
    lockFile: join(path, 'launcher.lock'),
  };
}

/** Makes the folder, readable by its owner alone. */
export function createHomeFolder({ path }: HomeFolder): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}
