import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installDebianPackages, isRootOnDebian } from './install-debian-packages.ts';
import { root } from './run-step.ts';

/** The Python package that holds the server. Its own dependencies serve its client, which nobody starts here. */
const CHROMA = 'chromadb==1.5.9';

/**
 * Where the tests find Chroma's server (`packages/rag/src/testing/chroma-server.ts` starts it from
 * there); installs it from PyPI once. False, with the reason printed, when it cannot be had.
 * `CHROMA_URL` names a running one instead. npm's build of it needs glibc 2.39, which Debian 12 lacks.
 */
export function ensureChroma(): boolean {
  const folder = join(root, 'node_modules/.cache/chroma');
  if (process.env['CHROMA_URL'] || existsSync(join(folder, 'chromadb_rust_bindings'))) return true;
  console.log('Installing the Chroma server for the tests of vector stores …');
  if (!hasPip() && isRootOnDebian()) installDebianPackages(['python3', 'python3-pip']);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--disable-pip-version-check',
    '--root-user-action=ignore',
    '--target',
    folder,
    CHROMA,
  ];
  const { status } = spawnSync('python3', pip, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return true;
  rmSync(folder, { recursive: true, force: true });
  console.error('The tests of Chroma need its server: install Python 3 with pip, or set CHROMA_URL to a running one.');
  return false;
}

function hasPip(): boolean {
  return spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0;
}
