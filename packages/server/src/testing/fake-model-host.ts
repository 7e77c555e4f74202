import {
  hostRequestSchema,
  ParleyError,
  type HostedModel,
  type HostedProcess,
  type HostReply,
  type HostRequest,
} from '@parley/contracts';
import type { ModelHost } from '../models/model-host.ts';
import { FakeModelWorker, FakeVendor } from './fake-model-worker.ts';

interface Running {
  process: HostedProcess;
  worker: FakeModelWorker;
}

/** A FAKE launcher: answers as the real one does, and starts fake workers where that starts processes. */
export class FakeModelHost implements ModelHost {
  readonly vendor = new FakeVendor();
  /** All that was asked of it but for `processes`, in order. */
  readonly requests: HostRequest[] = [];
  /** What the next request is refused with. */
  refusal: ParleyError | null = null;
  #secret: string;
  readonly #running = new Map<string, Running>();
  readonly #configured = new Set<string>();
  readonly #trials = new Map<string, FakeModelWorker>();
  #lastTrial = 0;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The whole list that it was sent last. */
  get models(): HostedModel[] {
    return this.requests.findLast((request) => request.op === 'set-models')?.models ?? [];
  }

  /** How many trials have not been ended. */
  get openTrials(): number {
    return this.#trials.size;
  }

  /** From now on workers ask for this one. */
  useSecret(secret: string): void {
    this.#secret = secret;
  }

  /** Runs a model of the configuration file. */
  async run(name: string, settings: Record<string, unknown> = {}): Promise<void> {
    this.#configured.add(name);
    await this.#start({
      name,
      purpose: 'chat',
      kind: 'local',
      worker: { engine: 'llama-cpp', name, ...settings },
      is_released: false,
    });
  }

  /** Changes how a process fares. */
  set(name: string, change: Partial<HostedProcess>): void {
    Object.assign(this.#named(name).process, change);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ worker }) => worker.stop()));
    await Promise.all([...this.#trials.values()].map((worker) => worker.stop()));
  }

  async ask<Op extends HostRequest['op']>(request: Extract<HostRequest, { op: Op }>): Promise<HostReply<Op>> {
    const parsed = hostRequestSchema.parse(request);
    if (parsed.op !== 'processes') this.requests.push(parsed);
    const { refusal } = this;
    this.refusal = null;
    if (refusal) throw refusal;
    return (await this.#answer(parsed)) as HostReply<Op>;
  }

  async #answer(request: HostRequest): Promise<unknown> {
    switch (request.op) {
      case 'set-models':
        return this.#setModels(request.models);
      case 'processes':
        return { processes: [...this.#running.values()].map(({ process }) => process) };
      case 'log':
        return { lines: [`started ${this.#named(request.model).process.model}`, 'ready'] };
      case 'start-trial':
        return this.#startTrial(request.model);
      case 'end-trial':
        return this.#endTrial(request.trial);
      default:
        this.set(request.model, { state: request.op === 'release' ? 'released' : 'running', problem: null });
        return null;
    }
  }

  async #setModels(models: readonly HostedModel[]): Promise<null> {
    const names = new Set(models.map(({ name }) => name));
    for (const [name, { worker }] of this.#running) {
      if (names.has(name) || this.#configured.has(name)) continue;
      this.#running.delete(name);
      await worker.stop();
    }
    for (const model of models) await this.#start(model);
    return null;
  }

  async #start(model: HostedModel): Promise<void> {
    const { name, is_released, worker: settings } = model;
    await this.#running.get(name)?.worker.stop();
    const worker = new FakeModelWorker(settings, { vendor: this.vendor, secret: this.#secret });
    const state = is_released ? ('released' as const) : ('running' as const);
    const process = { model: name, pid: 4711, restarts: 0, loading_percent: null, problem: null };
    const address = is_released ? null : await worker.start();
    this.#running.set(name, { worker, process: { ...process, state, address, memory_bytes: 1_000_000 } });
  }

  async #startTrial({ worker: settings }: HostedModel): Promise<HostReply<'start-trial'>> {
    const worker = new FakeModelWorker(settings, { vendor: this.vendor, secret: this.#secret });
    const trial = `trial-${(this.#lastTrial += 1)}`;
    this.#trials.set(trial, worker);
    return { trial, address: await worker.start() };
  }

  async #endTrial(trial: string): Promise<null> {
    await this.#trials.get(trial)?.stop();
    this.#trials.delete(trial);
    return null;
  }

  #named(name: string): Running {
    const running = this.#running.get(name);
    if (running) return running;
    throw new ParleyError('model_not_found', `No process runs a model "${name}".`, { param: 'model' });
  }
}
