import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { GpuKind } from './gpu-binaries.ts';

export interface MachineView {
  /** Whether a file is there. */
  exists: (path: string) => boolean;
  /** The names in a folder; none when there is no such folder. */
  list: (folder: string) => string[];
  /** The folders in which programs are looked for, as `PATH` has them. */
  path: string;
}

/** The binary that fits the GPU of this machine; null when none is seen. A wrong guess costs a look only. */
export function findGpu({ exists, list, path }: MachineView): GpuKind | null {
  const hasNvidiaTool = path.split(delimiter).some((folder) => folder !== '' && exists(join(folder, 'nvidia-smi')));
  if (exists('/dev/nvidia0') || hasNvidiaTool) return 'cuda';
  return list('/dev/dri').some((name) => name.startsWith('renderD')) ? 'vulkan' : null;
}

/** This machine. */
export function thisMachine(path: string): MachineView {
  return {
    path,
    exists: existsSync,
    list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  };
}
