import { spawn } from 'node:child_process';

export interface NpmInstall {
  /** Each with its exact version. */
  packages: readonly string[];
  /** An empty folder; the packages come into its `node_modules`. */
  prefix: string;
  /** Where npm keeps what it fetches. */
  cache: string;
  /** The way npm was called, as npm tells those that it runs; the one on the path when undefined. */
  npm: string | undefined;
}

/** Installs packages into a folder of their own, running none of their scripts. Throws with npm's last words. */
export async function npmInstall({ packages, prefix, cache, npm }: NpmInstall): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
  const args = [
    'install',
    '--prefix',
    prefix,
    '--cache',
    cache,
    '--ignore-scripts',
    '--no-save',
    ...quiet,
    ...packages,
  ];
  const child = npm?.endsWith('.js')
    ? spawn(process.execPath, [npm, ...args], { cwd: prefix, stdio: ['ignore', 'ignore', 'pipe'] })
    : spawn(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
        cwd: prefix,
        stdio: ['ignore', 'ignore', 'pipe'],
        // A script of Windows' own shell; the arguments are names, versions and folders of ours.
        shell: process.platform === 'win32',
      });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2_000)));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  const code = await promise;
  if (code !== 0) throw new Error(words.trim() || `npm ended with code ${code}`);
}
