import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProcessPlan } from './process-plan.ts';
import { CHILD_FLAGS } from './process-flags.ts';

const CHILD_PROGRAM = fileURLToPath(new URL('child-main.mjs', import.meta.url));

/** Characters; what writes dots without an end must not fill the launcher's memory. */
const LONGEST_LINE = 64 * 1024;

export interface ForkOptions {
  /** One line of what it writes. */
  onLogLine: (line: string) => void;
  /** What is run; only tests bring their own. */
  program?: string | undefined;
}

/** Runs the program of every child; it waits for its settings. Never throws: a program that cannot be run has no pid. */
export function forkChild(plan: ProcessPlan, { onLogLine, program = CHILD_PROGRAM }: ForkOptions): ChildProcess {
  const child = fork(program, [plan.room], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [...CHILD_FLAGS],
    env: { ...childEnvironment(), ...plan.environment },
  });
  // A program that cannot be run (no memory, Node replaced by an update) is one more failed start;
  // without a listener it would take the launcher down, and with it all the others.
  child.on('error', () => {});
  forwardLines(child.stdout, onLogLine);
  forwardLines(child.stderr, onLogLine);
  return child;
}

// No settings and no keys: what a child needs to know comes over the channel.
function childEnvironment(): NodeJS.ProcessEnv {
  const passed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot', 'NODE_COMPILE_CACHE'];
  const trust = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
  // Where the libraries of a GPU lie, and which of its devices this installation may use.
  const devices = ['LD_LIBRARY_PATH', 'CUDA_PATH', 'CUDA_VISIBLE_DEVICES', 'GGML_VK_VISIBLE_DEVICES'];
  const own = Object.fromEntries([...passed, ...trust, ...devices].map((name) => [name, process.env[name]]));
  // glibc by its own habit opens arenas per core and, once a large block was freed, keeps ever more
  // for itself: 1 to 2 MB a process for the first, 8 MB in the gateway for the second.
  return { ...own, MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };
}

function forwardLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  const tellRest = () => {
    if (rest !== '') onLine(rest);
    rest = '';
  };
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
    if (rest.length > LONGEST_LINE) tellRest();
  });
  // The last words of native code that breaks down often end within a line.
  stream?.on('end', tellRest);
}

/** Also true of one that never ran. */
export function hasExited(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Resolves once the child has exited; ends it by force after `afterMs`. */
export function endChild(child: ChildProcess, afterMs = 0): Promise<void> {
  if (hasExited(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
