import { isDeepStrictEqual } from 'node:util';
import type { HostedProcess } from '@parley/contracts';
import type { ProcessView } from '../home/launcher-file.ts';
import { inWords } from './event-in-words.ts';
import { LogRing, withoutSecrets } from './log-ring.ts';
import type { ManagedProcess, ManagedProcessOptions } from './managed-process.ts';
import { blankView, type ProcessPlan } from './process-plan.ts';
import { residentBytes } from './resident-memory.ts';
import { StartFailure } from './start-failure.ts';
import { secretsOf, type WorkerModel } from './worker-model.ts';
import type { WorkerPorts } from './worker-ports.ts';

/** Nobody waits for a process that was replaced, so even its longest answer may come to its end. */
const REPLACED_GRACE_MS = 600_000;

/** What a runner hears of its processes. */
export type ProcessHooks = Pick<ManagedProcessOptions, 'onLogLine' | 'onChange'>;

export interface ModelRunnerParts {
  ports: WorkerPorts;
  plan: (model: WorkerModel, port: number) => ProcessPlan;
  createProcess: (plan: ProcessPlan, hooks: ProcessHooks) => ManagedProcess;
  /** How long answers of a process that is ended may take. */
  stopGraceMs: number;
  /** Something that no process told has changed in a view. */
  onChange: () => void;
}

/**
 * Keeps one model as it is to be: running by its newest settings, or released. Starts and
 * replacements take turns; what makes them pointless (a release, newer settings) cuts them short.
 */
export class ModelRunner {
  readonly #parts: ModelRunnerParts;
  readonly #log = new LogRing();
  /** Ended ones whose answers may still finish. */
  readonly #leaving = new Set<ManagedProcess>();
  #model: WorkerModel;
  /** The one that serves, or is to. */
  #process: ManagedProcess | null = null;
  /** The one that will take over. */
  #next: ManagedProcess | null = null;
  /** Forked for its first start, which has not begun. */
  #isPrepared = false;
  #isReleased = false;
  #isEnded = false;
  /** Why the last replacement did not come up. */
  #problem: string | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(model: WorkerModel, parts: ModelRunnerParts) {
    this.#model = model;
    this.#parts = parts;
  }

  get model(): WorkerModel {
    return this.#model;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  get #isDown(): boolean {
    return this.#isReleased || this.#isEnded;
  }

  get logLines(): string[] {
    return this.#log.lines;
  }

  /** As `launcher.json` shows it. */
  get processView(): ProcessView {
    const view = this.#process?.view ?? blankView(this.#parts.plan(this.#model, 0));
    return { ...view, state: this.#state(view.state), problem: this.#problem ?? view.problem };
  }

  /** As administrators see it. */
  get hostedView(): HostedProcess {
    const { pid, address, restarts, problem, state } = this.processView;
    const shown = this.#next?.view ?? this.#process?.view;
    const all = [this.#process, this.#next, ...this.#leaving];
    const pids = new Set(all.map((process) => process?.view.pid ?? null));
    return {
      model: this.#model.name,
      pid,
      address,
      restarts,
      problem,
      state: state === 'stopped' ? 'starting' : state,
      loading_percent: shown?.loading_percent ?? null,
      memory_bytes: [...pids].reduce<number>((sum, id) => sum + (id === null ? 0 : residentBytes(id)), 0),
    };
  }

  /** Forks the first process on a port that was taken for it, so that it loads its code while others start. */
  prepare(port: number): void {
    this.#process = this.#create(port);
    this.#process.load();
    this.#isPrepared = true;
  }

  /** Starts it. Resolves after the first attempt, however that ended: what fails is told as an event. */
  async begin(): Promise<void> {
    await this.#inTurn(() => this.#startAlone()).catch(() => {});
  }

  /** Brings a second process up, which takes over; throws `ParleyError` when it does not come up. */
  async replace(): Promise<void> {
    this.#isReleased = false;
    await this.#inTurn(() => this.#renew());
  }

  /** New settings: what runs is replaced, what is still coming up makes room for them. */
  change(model: WorkerModel): void {
    if (isDeepStrictEqual(model, this.#model)) return;
    this.#model = model;
    if (this.#isReleased) return;
    void this.#next?.stop(0);
    if (this.#process?.view.state !== 'running') void this.#process?.stop(0);
    // What did not come up with the new settings is shown as the problem; the old process goes on.
    void this.#inTurn(() => this.#adopt()).catch(() => {});
  }

  /** Ends its processes and keeps it down. Resolves when they have ended. */
  async release(): Promise<void> {
    this.#isReleased = true;
    await this.#endAll(this.#parts.stopGraceMs);
    this.#parts.onChange();
  }

  /** Starts it again after a release or a failure that is final. */
  load(): void {
    const isDown = this.#isReleased || this.#process?.view.state === 'failed';
    this.#isReleased = false;
    if (isDown) void this.begin();
  }

  /** For good: the model is no longer to be run. Called again, the shorter time counts. */
  async end(graceMs: number): Promise<void> {
    this.retire();
    await this.#endAll(graceMs);
  }

  /** Nothing is started any more, whatever ends. */
  retire(): void {
    this.#isEnded = true;
    this.#process?.retire();
    this.#next?.retire();
  }

  #state(state: ProcessView['state']): ProcessView['state'] {
    if (this.#isReleased) return 'released';
    return this.#isEnded ? 'stopped' : state;
  }

  #create(port: number): ManagedProcess {
    const plan = this.#parts.plan(this.#model, port);
    const secrets = [...secretsOf(this.#model), String(plan.config['secret'])];
    const onLogLine = (line: string) => this.#log.add(withoutSecrets(line, secrets));
    return this.#parts.createProcess(plan, {
      onLogLine,
      onChange: (event) => {
        const words = inWords(event);
        if (words !== null) onLogLine(`${new Date().toISOString()} ${words}`);
      },
    });
  }

  /** Null when it is not to run any more by the time that a port is found. */
  async #createNext(): Promise<ManagedProcess | null> {
    const port = await this.#parts.ports.take();
    if (!this.#isDown) return this.#create(port);
    this.#parts.ports.give(port);
    return null;
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    await turn;
  }

  /** Whether the process was made for other settings than those of now. */
  #isOutdated({ plan }: ManagedProcess): boolean {
    return !isDeepStrictEqual(plan.config['model'], this.#model.worker);
  }

  async #startAlone(): Promise<void> {
    const before = this.#process;
    if (this.#isDown || before?.view.state === 'running') return;
    const isUsable = before !== null && this.#isPrepared && !this.#isOutdated(before);
    this.#isPrepared = false;
    if (before && !isUsable) await this.#leave(before, 0);
    const process = isUsable ? before : await this.#createNext();
    if (process === null) return;
    this.#process = process;
    this.#problem = null;
    const failure = await process.attempt();
    if (failure) throw failure.toParleyError();
  }

  async #adopt(): Promise<void> {
    const now = this.#process;
    if (now?.view.state !== 'running' || this.#isOutdated(now)) return this.#renew();
    // What did not come up were other settings.
    this.#problem = null;
    this.#parts.onChange();
  }

  async #renew(): Promise<void> {
    const [old, model] = [this.#process, this.#model];
    if (this.#isDown) return;
    if (old?.view.state !== 'running') return this.#startAlone();
    try {
      await this.#takeOver(old);
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      // Newer settings cut it short; their turn comes next.
      if (model !== this.#model && !this.#isDown) return;
      if (error.code !== 'model_too_large') return this.#stayWithOld(error);
      // Two do not fit: requests wait in the controller until the second is there.
      await this.#leave(old, this.#parts.stopGraceMs);
      await this.#startAlone();
    }
  }

  #stayWithOld(failure: StartFailure): never {
    if (!this.#isDown) this.#problem = failure.sentence;
    this.#parts.onChange();
    throw failure.toParleyError();
  }

  async #takeOver(old: ManagedProcess): Promise<void> {
    const next = await this.#createNext();
    if (next === null) return;
    this.#next = next;
    try {
      await next.start();
    } catch (error) {
      this.#parts.ports.give(next.plan.config.port);
      throw error;
    } finally {
      this.#next = null;
    }
    this.#process = next;
    this.#problem = null;
    void this.#leave(old, REPLACED_GRACE_MS);
    this.#parts.onChange();
  }

  async #leave(process: ManagedProcess, graceMs: number): Promise<void> {
    this.#leaving.add(process);
    if (this.#process === process) this.#process = null;
    await process.stop(graceMs);
    if (this.#leaving.delete(process)) this.#parts.ports.give(process.plan.config.port);
  }

  async #endAll(graceMs: number): Promise<void> {
    const all = [this.#process, this.#next, ...this.#leaving].filter((process) => process !== null);
    // In turn, so that a later start finds the memory free.
    const ending = Promise.all([this.#turn, ...all.map((process) => this.#endOne(process, graceMs))]);
    this.#turn = ending;
    await ending;
  }

  async #endOne(process: ManagedProcess, graceMs: number): Promise<void> {
    if (process === this.#next) await process.stop(graceMs);
    else await this.#leave(process, graceMs);
  }
}
