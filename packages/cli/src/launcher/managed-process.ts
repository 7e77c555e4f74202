import type { ChildProcess } from 'node:child_process';
import type { HostRequest, LauncherMessage } from '@parley/contracts';
import type { ProcessView } from '../home/launcher-file.ts';
import { answerHostRequests } from './answer-host-requests.ts';
import { CrashCount } from './crash-count.ts';
import { endChild, forkChild, hasExited } from './fork-child.ts';
import type { ProcessPlan } from './process-plan.ts';
import { StartFailure, toWords, type Exit } from './start-failure.ts';
import { startedEvent } from './started-event.ts';

/** A child ends itself by force one second after its grace; this comes after. */
const FORCED_AFTER_MS = 2_000;

/** A service that ran this long counts as healthy: its next restart starts from the first delay again. */
const STABLE_AFTER_MS = 30_000;

export interface ManagedProcessOptions {
  /** Longest time of a start without a word from it. */
  startTimeoutMs: number;
  restartDelayMs: number;
  restartDelayLimitMs: number;
  /** One line of the child's log. */
  onLogLine: (line: string) => void;
  /** The process came up, fell or was started again: its view has changed. */
  onChange: (event: ProcessEvent) => void;
  /** What the child asks of the launcher; the answer goes back to it. */
  onRequest?: ((request: HostRequest) => Promise<unknown>) | undefined;
  /** What is run; only tests bring their own. */
  program?: string;
}

export type ProcessEvent =
  | { type: 'process-started'; view: ProcessView; tookMs: number }
  | { type: 'process-loading'; view: ProcessView }
  | { type: 'process-died'; view: ProcessView; exit: string; retryInMs: number }
  | { type: 'process-failed'; view: ProcessView; reason: string; retryInMs: number }
  | { type: 'process-given-up'; view: ProcessView; reason: string };

/** One child of the launcher: forked, started, watched, started again when it dies, stopped. */
export class ManagedProcess {
  readonly plan: ProcessPlan;
  readonly #options: ManagedProcessOptions;
  readonly #crashes: CrashCount;
  #child: ChildProcess | null = null;
  #state: ProcessView['state'] = 'stopped';
  #address: string | null = null;
  #loadingPercent: number | null = null;
  #problem: string | null = null;
  #restarts = 0;
  #delayMs: number;
  #retry: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(plan: ProcessPlan, options: ManagedProcessOptions) {
    this.plan = plan;
    this.#options = options;
    this.#crashes = new CrashCount(plan.modelFile ?? null);
    this.#delayMs = options.restartDelayMs;
  }

  get view(): ProcessView {
    const { name, purpose = null } = this.plan;
    return {
      name,
      purpose,
      pid: this.#child?.pid ?? null,
      state: this.#state,
      address: this.#address,
      restarts: this.#restarts,
      loading_percent: this.#loadingPercent,
      problem: this.#problem,
    };
  }

  /** Forks the process, so that it loads its code while others start. Safe to call again. */
  load(): void {
    if (this.#child) return;
    const { onRequest } = this.#options;
    const child = forkChild(this.plan, this.#options);
    if (onRequest) answerHostRequests(child, onRequest);
    this.#child = child;
    this.#state = 'starting';
  }

  /** Starts it and waits for its started event. Throws `StartFailure` when that does not come. */
  async start(): Promise<void> {
    const begun = performance.now();
    this.load();
    const child = this.#child;
    if (!child) throw new StartFailure('not forked');
    try {
      if (child.pid === undefined) throw new StartFailure(`${process.execPath} cannot be run`);
      this.#address = await startedEvent(child, {
        plan: this.plan,
        timeoutMs: this.#options.startTimeoutMs,
        onLoading: (percent) => this.#onLoading(percent),
      });
    } catch (error) {
      await endChild(child);
      this.#child = null;
      this.#loadingPercent = null;
      this.#state = 'stopped';
      throw error;
    }
    this.#onStarted(child, begun);
  }

  /**
   * The same for what goes on trying: a failure is told as an event, and tried again later unless that
   * cannot help. Answers the failure of this first attempt, or null.
   */
  async attempt(): Promise<StartFailure | null> {
    try {
      await this.start();
      return null;
    } catch (error) {
      const failure = error instanceof StartFailure ? error : new StartFailure((error as Error).message);
      this.#onFailure(failure);
      return failure;
    }
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
    await endChild(child, graceMs + FORCED_AFTER_MS);
  }

  #onStarted(child: ChildProcess, begun: number): void {
    this.#state = this.#isStopping ? 'stopped' : 'running';
    this.#problem = null;
    this.#loadingPercent = null;
    const upSince = performance.now();
    child.once('exit', (code, signal) => this.#onExit({ code, signal }, performance.now() - upSince));
    this.#options.onChange({ type: 'process-started', view: this.view, tookMs: upSince - begun });
  }

  #onLoading(percent: number | null): void {
    const whole = percent === null ? null : Math.floor(percent);
    if (this.#isStopping || (this.#state === 'loading' && whole === this.#loadingPercent)) return;
    this.#state = 'loading';
    this.#loadingPercent = whole;
    this.#options.onChange({ type: 'process-loading', view: this.view });
  }

  #onExit(exit: Exit, upMs: number): void {
    this.#child = null;
    if (this.#isStopping) return;
    const words = toWords(exit);
    this.#problem = `The process ended (${words}).`;
    if (upMs > STABLE_AFTER_MS) {
      this.#delayMs = this.#options.restartDelayMs;
      this.#crashes.forget();
    }
    const verdict = this.#crashes.count(exit);
    if (verdict !== null) return this.#giveUp(verdict);
    this.#state = 'restarting';
    this.#options.onChange({ type: 'process-died', view: this.view, exit: words, retryInMs: this.#delayMs });
    this.#scheduleRestart();
  }

  #onFailure({ message, sentence, isFinal, exit }: StartFailure): void {
    if (this.#isStopping) return;
    const verdict = exit && this.#crashes.count(exit);
    if (verdict !== null) return this.#giveUp(verdict);
    if (isFinal && !this.plan.isEssential) return this.#giveUp(sentence);
    this.#state = 'restarting';
    this.#problem = sentence;
    this.#options.onChange({
      type: 'process-failed',
      view: this.view,
      reason: message,
      retryInMs: this.#delayMs,
    });
    this.#scheduleRestart();
  }

  #giveUp(reason: string): void {
    this.#state = 'failed';
    this.#problem = reason;
    this.#options.onChange({ type: 'process-given-up', view: this.view, reason });
  }

  #scheduleRestart(): void {
    this.#retry = setTimeout(() => void this.#restart(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, this.#options.restartDelayLimitMs);
  }

  async #restart(): Promise<void> {
    this.#restarts += 1;
    await this.attempt();
  }
}
