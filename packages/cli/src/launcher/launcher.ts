import { createHomeFolder, homeFolder, type HomeFolder } from '../home/home-folder.ts';
import { removeLauncherFile, writeLauncherFile } from '../home/launcher-file.ts';
import { takeLauncherLock, type LauncherLock } from '../home/launcher-lock.ts';
import { loadOrCreateSecret } from '../home/secrets.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import { isPortFree, nextFreePort } from './free-ports.ts';
import { ManagedProcess, type ProcessEvent } from './managed-process.ts';
import { planProcesses, type Plan, type ProcessPlan } from './plan.ts';

/** Why a start was given up; the message says what to do. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  readonly fault: LaunchFault;

  constructor(fault: LaunchFault, options?: ErrorOptions) {
    super(fault.type, options);
    this.fault = fault;
  }
}

export type LaunchFault =
  | { type: 'home-locked'; home: string }
  | { type: 'home-unusable'; home: string; reason: string }
  | { type: 'port-taken'; process: string; port: number; setting: string }
  | { type: 'process-failed'; process: string; reason: string };

export interface LauncherSeams {
  onEvent?: (event: ProcessEvent) => void;
  onLogLine?: (line: string) => void;
}

/**
 * Starts controller, openai_api, workers and api in that order, each waited for by its started
 * event, and keeps them running until `stop`. One launcher per home folder.
 */
export class Launcher {
  readonly home: HomeFolder;
  readonly plan: Plan;
  readonly #loaded: LoadedSettings;
  readonly #lock: LauncherLock;
  readonly #processes: ManagedProcess[];
  readonly #startedAt = Date.now();
  #stopped: Promise<void> | null = null;
  #graceMs = Number.POSITIVE_INFINITY;

  private constructor(
    parts: { home: HomeFolder; plan: Plan; loaded: LoadedSettings; lock: LauncherLock },
    seams: LauncherSeams,
  ) {
    this.home = parts.home;
    this.plan = parts.plan;
    this.#loaded = parts.loaded;
    this.#lock = parts.lock;
    const { launcher } = parts.loaded.settings;
    this.#processes = parts.plan.processes.map(
      (plan) =>
        new ManagedProcess(plan, {
          startTimeoutMs: launcher.start_timeout_ms,
          restartDelayMs: launcher.restart_delay_ms,
          restartDelayLimitMs: launcher.restart_delay_limit_ms,
          onLogLine: seams.onLogLine ?? (() => {}),
          onChange: (event) => {
            this.#writeView();
            seams.onEvent?.(event);
          },
        }),
    );
  }

  /** Takes the home folder and starts everything. Throws `LaunchError`, with nothing left running. */
  static async launch(root: string, loaded: LoadedSettings, seams: LauncherSeams = {}): Promise<Launcher> {
    const home = homeFolder(loaded.home);
    const lock = takeHome(home);
    if (!lock) throw new LaunchError({ type: 'home-locked', home: home.path });
    let launcher: Launcher | null = null;
    try {
      const secret = loadOrCreateSecret(home.secretsFile);
      const { host } = loaded.settings.workers;
      const plan = await planProcesses({ root, loaded, secret, nextFreePort: (from) => nextFreePort(host, from) });
      await refuseTakenPorts(plan.processes);
      launcher = new Launcher({ home, plan, loaded, lock }, seams);
      await launcher.#startAll();
      return launcher;
    } catch (error) {
      if (launcher) await launcher.stop(0);
      else lock.release();
      throw error;
    }
  }

  /**
   * Stops in reverse order; running answers get the configured time. Called again with less time,
   * all that still runs has no more than that.
   */
  stop(graceMs = this.#loaded.settings.launcher.stop_grace_ms): Promise<void> {
    // All at once: a signal to the whole group ends some before their turn, and they must not come back.
    for (const process of this.#processes) process.retire();
    const isHurried = this.#stopped !== null && graceMs < this.#graceMs;
    this.#graceMs = Math.min(graceMs, this.#graceMs);
    if (isHurried) for (const process of this.#processes) void process.stop(graceMs);
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #startAll(): Promise<void> {
    for (const process of this.#processes) process.load();
    for (const process of this.#processes) await this.#startOne(process);
    this.#writeView();
  }

  async #startOne(process: ManagedProcess): Promise<void> {
    try {
      await process.start();
    } catch (error) {
      const reason = (error as Error).message;
      if (process.plan.isEssential) {
        throw new LaunchError({ type: 'process-failed', process: process.plan.name, reason }, { cause: error });
      }
      process.retryLater(reason);
    }
  }

  async #stopAll(): Promise<void> {
    for (const process of this.#processes.toReversed()) await process.stop(this.#graceMs);
    removeLauncherFile(this.home.launcherFile);
    this.#lock.release();
  }

  #writeView(): void {
    if (this.#stopped) return;
    tellOthers(this.home.launcherFile, {
      pid: process.pid,
      started_at: this.#startedAt,
      server_url: this.plan.serverUrl,
      processes: this.#processes.map(({ view }) => view),
    });
  }
}

/** Null when another launcher has it. Throws `LaunchError` when nothing can be stored there. */
function takeHome(home: HomeFolder): LauncherLock | null {
  try {
    createHomeFolder(home);
    return takeLauncherLock(home.lockFile);
  } catch (error) {
    const { message: reason } = error as Error;
    throw new LaunchError({ type: 'home-unusable', home: home.path, reason }, { cause: error });
  }
}

// A full disk or a folder that was removed must not end what runs; the next change writes the file anew.
function tellOthers(...file: Parameters<typeof writeLauncherFile>): void {
  try {
    writeLauncherFile(...file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
}

async function refuseTakenPorts(processes: ProcessPlan[]): Promise<void> {
  for (const { name, config, portSetting } of processes) {
    if (await isPortFree(config.host, config.port)) continue;
    throw new LaunchError({ type: 'port-taken', process: name, port: config.port, setting: portSetting });
  }
}
