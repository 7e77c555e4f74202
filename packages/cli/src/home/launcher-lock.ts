import { DatabaseSync } from 'node:sqlite';

/** Held by the launcher that runs on a home folder; the system frees it when the process dies, however it dies. */
export interface LauncherLock {
  release(): void;
}

/**
 * Takes the lock; null when another process holds it. The lock is SQLite's own file lock, which
 * needs no dependency and, unlike a file with a process id, cannot be left behind.
 */
export function takeLauncherLock(lockFile: string): LauncherLock | null {
  const database = new DatabaseSync(lockFile);
  try {
    database.exec('pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    database.close();
    if (/locked/i.test(String(error))) return null;
    throw error;
  }
  return { release: () => database.close() };
}
