import { readdir, readFile } from 'node:fs/promises';

const MIB = 1024 * 1024;

/** Resident MiB. */
export interface ServerMemory {
  /** The server's process, index thread included. */
  server: number;
  /** Of it, what JavaScript of the main thread holds. */
  heap: number;
  /** Reader processes. */
  readers: number;
}

/** Memory of this process and of those that it started. */
export async function readMemory(): Promise<ServerMemory> {
  const readers = await Promise.all((await children()).map(residentMiB));
  return {
    server: process.memoryUsage.rss() / MIB,
    heap: process.memoryUsage().heapUsed / MIB,
    readers: readers.reduce((sum, mib) => sum + mib, 0),
  };
}

async function children(): Promise<string[]> {
  const threads = await readdir('/proc/self/task').catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean));
}

async function residentMiB(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
