import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the page and warms the compile cache, as `npm start` does before it starts. */
export function setup(): void {
  const root = join(import.meta.dirname, '..');
  const { status } = spawnSync(process.execPath, ['scripts/prepare.ts'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The page could not be built.');
}
