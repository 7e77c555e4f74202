import { statfs } from 'node:fs/promises';
import { ParleyError } from '@parley/contracts';

const GIB = 1024 ** 3;

/** Bytes that may be used of a disk, and how large it is. */
export interface DiskSpace {
  free: number;
  total: number;
}

export async function readDiskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}

/** What is left alone: a disk that is full to the last byte stops more than a download. */
export function keptFree({ total }: DiskSpace): number {
  return Math.min(GIB, total * 0.05);
}

/** Throws `disk_full` when `bytes` more do not fit. */
export function requireSpace(space: DiskSpace, bytes: number, file: string): void {
  const room = space.free - keptFree(space);
  if (bytes <= room) return;
  const [needed, there] = [bytes, Math.max(0, room)].map(inWords);
  throw new ParleyError(
    'disk_full',
    `"${file}" needs ${needed} more on the disk of the models folder, and ${there} can be used there. Make room, and try again.`,
  );
}

function inWords(bytes: number): string {
  return bytes < 1e8 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
