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
  const tools = path
    .split(delimiter)
    .flatMap((folder) => (folder === '' ? [] : [join(folder, 'nvidia-smi'), join(folder, 'nvidia-smi.exe')]));
  if (['/dev/nvidia0', ...tools].some(exists)) return 'cuda';
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
