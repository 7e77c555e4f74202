import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childMessageSchema, type LauncherMessage } from '@parley/contracts';
import type { ProcessView } from '../home/launcher-file.ts';
import type { ProcessPlan } from './plan.ts';
import { CHILD_FLAGS } from './process-flags.ts';

const CHILD_PROGRAM = fileURLToPath(new URL('child-main.mjs', import.meta.url));

/** A child ends itself by force one second after its grace; this comes after. */
const FORCED_AFTER_MS = 2_000;

/** A service that ran this long counts as healthy: its next restart starts from the first delay again. */
const STABLE_AFTER_MS = 30_000;

export interface ManagedProcessOptions {
  startTimeoutMs: number;
  restartDelayMs: number;
  restartDelayLimitMs: number;
  /** One line of the child's log. */
  onLogLine: (line: string) => void;
  /** The process came up, fell or was started again: its view has changed. */
  onChange: (event: ProcessEvent) => void;
  /** What is run; only tests bring their own. */
  program?: string;
}

export type ProcessEvent =
  | { type: 'process-started'; view: ProcessView; tookMs: number }
  | { type: 'process-died'; view: ProcessView; exit: string; retryInMs: number }
  | { type: 'process-failed'; view: ProcessView; reason: string; retryInMs: number };

/** One child of the launcher: forked, started, watched, started again when it dies, stopped. */
export class ManagedProcess {
  readonly plan: ProcessPlan;
  readonly #options: ManagedProcessOptions;
  #child: ChildProcess | null = null;
  #state: ProcessView['state'] = 'stopped';
  #address: string | null = null;
  #restarts = 0;
  #delayMs: number;
  #retry: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(plan: ProcessPlan, options: ManagedProcessOptions) {
    this.plan = plan;
    this.#options = options;
    this.#delayMs = options.restartDelayMs;
  }

  get view(): ProcessView {
    const pid = this.#child?.pid ?? null;
    const { name, purpose = null } = this.plan;
    return { name, purpose, pid, state: this.#state, address: this.#address, restarts: this.#restarts };
  }

  /** Forks the process, so that it loads its code while others start. Safe to call again. */
  load(): void {
    if (this.#child) return;
    const child = fork(this.#options.program ?? CHILD_PROGRAM, [this.plan.room], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...CHILD_FLAGS],
      env: childEnvironment(),
    });
    // A program that cannot be run (no memory, Node replaced by an update) is one more failed start;
    // without a listener it would take the launcher down, and with it all the others.
    child.on('error', () => {});
    this.#child = child;
    this.#state = 'starting';
    forwardLines(child.stdout, this.#options.onLogLine);
    forwardLines(child.stderr, this.#options.onLogLine);
  }

  /** Starts it and waits for its started event. Throws with a plain reason when that does not come. */
  async start(): Promise<void> {
    const begun = performance.now();
    this.load();
    const child = this.#child;
    if (!child) throw new Error('not forked');
    try {
      if (child.pid === undefined) throw new Error(`${process.execPath} cannot be run`);
      this.#address = await startedEvent(child, this.plan, this.#options.startTimeoutMs);
    } catch (error) {
      await kill(child);
      this.#child = null;
      this.#state = 'stopped';
      throw error;
    }
    this.#state = 'running';
    const upSince = performance.now();
    child.once('exit', (code, signal) => this.#onExit(signal ?? `code ${code}`, performance.now() - upSince));
    this.#options.onChange({ type: 'process-started', view: this.view, tookMs: upSince - begun });
  }

  /** From now on it is not started again, however it ends: the launcher stops, and its turn may come later. */
  retire(): void {
    this.#isStopping = true;
    if (this.#retry) clearTimeout(this.#retry);
  }

  /** Tells it to end, gives it `graceMs`, then ends it by force. Called again, the shorter time counts. */
  async stop(graceMs: number): Promise<void> {
    this.retire();
    const child = this.#child;
    this.#state = 'stopped';
    if (!child || hasExited(child)) return;
    if (child.connected) child.send({ type: 'stop', grace_ms: graceMs } satisfies LauncherMessage, () => {});
    await kill(child, graceMs + FORCED_AFTER_MS);
  }

  /** Keeps trying in the background after a first start that failed. */
  retryLater(reason: string): void {
    if (this.#isStopping) return;
    this.#state = 'restarting';
    this.#options.onChange({ type: 'process-failed', view: this.view, reason, retryInMs: this.#delayMs });
    this.#scheduleRestart();
  }

  #onExit(exit: string, upMs: number): void {
    this.#child = null;
    if (this.#isStopping) return;
    this.#state = 'restarting';
    if (upMs > STABLE_AFTER_MS) this.#delayMs = this.#options.restartDelayMs;
    this.#options.onChange({ type: 'process-died', view: this.view, exit, retryInMs: this.#delayMs });
    this.#scheduleRestart();
  }

  #scheduleRestart(): void {
    this.#retry = setTimeout(() => void this.#restart(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, this.#options.restartDelayLimitMs);
  }

  async #restart(): Promise<void> {
    this.#restarts += 1;
    try {
      await this.start();
    } catch (error) {
      this.retryLater((error as Error).message);
    }
  }
}

// No settings and no keys: what a child needs to know comes over the channel.
function childEnvironment(): NodeJS.ProcessEnv {
  const passed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot', 'NODE_COMPILE_CACHE'];
  const trust = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
  const own = Object.fromEntries([...passed, ...trust].map((name) => [name, process.env[name]]));
  // glibc by its own habit opens arenas per core and, once a large block was freed, keeps ever more
  // for itself: 1 to 2 MB a process for the first, 8 MB in the gateway for the second.
  return { ...own, MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };
}

function startedEvent(child: ChildProcess, plan: ProcessPlan, timeoutMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const onMessage = (message: unknown) => {
    const parsed = childMessageSchema.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.type === 'started') resolve(parsed.data.address);
    if (parsed.data.type === 'failed') reject(new Error(parsed.data.message));
  };
  const onExit = (code: number | null, signal: string | null) =>
    reject(new Error(`ended before it was ready (${signal ?? `code ${code}`})`));
  const timer = setTimeout(() => reject(new Error(`not ready after ${timeoutMs / 1000} s`)), timeoutMs);
  child.on('message', onMessage).once('exit', onExit).once('error', reject);
  child.send({ type: 'start', room: plan.room, config: plan.config } satisfies LauncherMessage, (error) => {
    if (error) reject(error);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    child.off('message', onMessage).off('exit', onExit).off('error', reject);
  });
}

/** Also true of one that never ran. */
function hasExited(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Resolves once the child has exited; ends it by force after `afterMs`. */
function kill(child: ChildProcess, afterMs = 0): Promise<void> {
  if (hasExited(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function forwardLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  });
}
