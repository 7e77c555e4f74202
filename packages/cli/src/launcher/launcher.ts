import { createHomeFolder, homeFolder, type HomeFolder } from '../home/home-folder.ts';
import { removeLauncherFile, writeLauncherFile } from '../home/launcher-file.ts';
import { takeLauncherLock, type LauncherLock } from '../home/launcher-lock.ts';
import { loadOrCreateSecret } from '../home/secrets.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import { isPortFree, nextFreePort } from './free-ports.ts';
import { createCrew, type Crew } from './create-crew.ts';
import type { ManagedProcess, ProcessEvent } from './managed-process.ts';
import { planProcesses, type Plan } from './plan.ts';
import type { ProcessPlan } from './process-plan.ts';

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
 * event, and keeps them running until `stop`. Local models load on while others start. The
 * application server may change the models while all run. One launcher per home folder.
 */
export class Launcher {
  readonly home: HomeFolder;
  readonly plan: Plan;
  readonly #loaded: LoadedSettings;
  readonly #lock: LauncherLock;
  readonly #crew: Crew;
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
    this.#crew = createCrew(parts.plan, parts.loaded.settings.launcher, {
      onLogLine: seams.onLogLine ?? (() => {}),
      onChange: () => this.#writeView(),
      onEvent: (event) => {
        this.#writeView();
        seams.onEvent?.(event);
      },
    });
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

  /** Models whose files are still being read; they join by themselves. */
  get loadingModels(): { name: string; percent: number | null }[] {
    const coming = this.#crew.models.processViews.filter(({ state }) => state === 'loading' || state === 'starting');
    return coming.map(({ name, loading_percent: percent }) => ({ name, percent }));
  }

  /**
   * Stops in reverse order; running answers get the configured time. Called again with less time,
   * all that still runs has no more than that.
   */
  stop(graceMs = this.#loaded.settings.launcher.stop_grace_ms): Promise<void> {
    const { services, models } = this.#crew;
    // All at once: a signal to the whole group ends some before their turn, and they must not come back.
    for (const process of services) process.retire();
    models.retire();
    const isHurried = this.#stopped !== null && graceMs < this.#graceMs;
    this.#graceMs = Math.min(graceMs, this.#graceMs);
    if (isHurried) {
      for (const process of services) void process.stop(graceMs);
      void models.end(graceMs);
    }
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #startAll(): Promise<void> {
    const { controller, gateway, server, models, services } = this.#crew;
    for (const process of services) process.load();
    await startEssential(controller);
    await startEssential(gateway);
    await models.startPlanned();
    await startEssential(server);
    this.#writeView();
  }

  async #stopAll(): Promise<void> {
    const { controller, gateway, server, models, trials } = this.#crew;
    await server.stop(this.#graceMs);
    await Promise.all([models.end(this.#graceMs), trials.endAll()]);
    for (const process of [gateway, controller]) await process.stop(this.#graceMs);
    removeLauncherFile(this.home.launcherFile);
    this.#lock.release();
  }

  #writeView(): void {
    if (this.#stopped) return;
    const { controller, gateway, server, models } = this.#crew;
    tellOthers(this.home.launcherFile, {
      pid: process.pid,
      started_at: this.#startedAt,
      server_url: this.plan.serverUrl,
      processes: [controller.view, gateway.view, ...models.processViews, server.view],
    });
  }
}

async function startEssential(process: ManagedProcess): Promise<void> {
  try {
    await process.start();
  } catch (error) {
    const { message: reason } = error as Error;
    throw new LaunchError({ type: 'process-failed', process: process.plan.name, reason }, { cause: error });
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
