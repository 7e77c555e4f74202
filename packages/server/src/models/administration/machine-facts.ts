import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';

/** What this machine has to offer, in bytes. */
export interface MachineFacts {
  free_disk_bytes: number;
  memory_bytes: number;
  free_memory_bytes: number;
}

/** Disk of the folder, or of where it will be made; memory within what a container may use. */
export async function readMachineFacts(folder: string): Promise<MachineFacts> {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return {
    free_disk_bytes: await freeDisk(folder),
    // Without a limit the system says 0, or more than there is.
    memory_bytes: limit > 0 ? Math.min(limit, total) : total,
    free_memory_bytes: Math.min(freemem(), process.availableMemory()),
  };
}

async function freeDisk(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw error;
    return freeDisk(parent);
  }
}
