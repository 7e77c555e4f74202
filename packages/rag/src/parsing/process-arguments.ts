import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { ScratchFolder } from './scratch-folder.ts';

const OWN_ROOM = fileURLToPath(new URL('../../', import.meta.url));
/** A package of each folder that modules are loaded from: the rooms that rag may import, and what npm installed. */
const NEEDED_PACKAGES = ['@parley/contracts', '@parley/text', 'zod'];

/** What Node is told when it starts a reader process: its memory, and the few folders that it may touch. */
export function processArguments(scratch: ScratchFolder, heapMb: number): string[] {
  return [
    `--max-old-space-size=${heapMb}`,
    // No other files, no child processes, no threads, no native add-ons: a parser that is tricked finds nothing.
    '--permission',
    ...[...codeFolders(), scratch.readable, scratch.writable].map((folder) => `--allow-fs-read=${folder}`),
    `--allow-fs-write=${scratch.writable}`,
    '--no-warnings',
  ];
}

function codeFolders(): string[] {
  const resolve = createRequire(import.meta.url).resolve;
  return [...new Set([OWN_ROOM, ...NEEDED_PACKAGES.map((name) => packageFolder(resolve(name)))])];
}

/** `…/node_modules` for what npm installed, the room for a room. */
function packageFolder(file: string): string {
  const installed = file.lastIndexOf(`${sep}node_modules${sep}`);
  if (installed !== -1) return join(file.slice(0, installed), 'node_modules');
  return dirname(dirname(file));
}
