import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';

const KEPT_BACKUPS = 5;
const BACKUP_NAME = /^parley-[\dTZ]+\.db$/;

/** Copies the open database into `folder` as `parley-<time>.db`; the five newest copies stay. Answers the copy's path. */
export async function backUp(file: DatabaseSync, folder: string, time: number): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `parley-${new Date(time).toISOString().replaceAll(/[-:.]/g, '')}.db`);
  await backup(file, path);
  chmodSync(path, 0o600);
  removeOldBackups(folder);
  return path;
}

function removeOldBackups(folder: string): void {
  const names = readdirSync(folder).filter((name) => BACKUP_NAME.test(name));
  for (const name of names.toSorted().slice(0, -KEPT_BACKUPS)) rmSync(join(folder, name));
}
