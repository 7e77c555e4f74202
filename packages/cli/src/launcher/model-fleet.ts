import { ParleyError, type HostedModel, type HostedProcess } from '@parley/contracts';
import type { ProcessView } from '../home/launcher-file.ts';
import { ModelRunner, type ModelRunnerParts } from './model-runner.ts';
import { toWorkerModel, type WorkerModel } from './worker-model.ts';

export interface ModelFleetParts extends ModelRunnerParts {
  /** Names of the configuration file, also of models that wait for a key. */
  takenNames: readonly string[];
  /** The models that are to answer, after each change. */
  onExpected: (names: readonly string[]) => void;
}

/** A model of the configuration file, with the port that was planned for it. */
export interface PlannedModel {
  model: WorkerModel;
  port: number;
}

/** All models of the launcher: those of the configuration file, and those of the application server beside them. */
export class ModelFleet {
  readonly #parts: ModelFleetParts;
  readonly #planned: ModelRunner[];
  readonly #taken: ReadonlySet<string>;
  readonly #runners = new Map<string, ModelRunner>();
  /** No longer wanted; their answers may still finish. */
  readonly #ending = new Set<ModelRunner>();
  #isRetired = false;

  constructor(planned: readonly PlannedModel[], parts: ModelFleetParts) {
    this.#parts = parts;
    this.#taken = new Set([...parts.takenNames, ...planned.map(({ model }) => model.name)]);
    this.#planned = planned.map(({ model, port }) => {
      const runner = new ModelRunner(model, parts);
      runner.prepare(port);
      this.#runners.set(model.name, runner);
      return runner;
    });
  }

  get processViews(): ProcessView[] {
    return [...this.#runners.values()].map(({ processView }) => processView);
  }

  get hostedViews(): HostedProcess[] {
    return [...this.#runners.values()].map(({ hostedView }) => hostedView);
  }

  /** Starts the models of the configuration file one after the other; local ones load on while others start. */
  async startPlanned(): Promise<void> {
    for (const runner of this.#planned) {
      const attempt = runner.begin();
      if (runner.model.kind !== 'local') await attempt;
    }
  }

  /** Makes these the models beside those of the configuration file. Throws `name_taken` for names of that, after the rest. */
  setModels(models: readonly HostedModel[]): void {
    this.#refuseWhileStopping();
    const wanted = models.filter(({ name }) => !this.#taken.has(name));
    const names = new Set(wanted.map(({ name }) => name));
    for (const name of this.#runners.keys()) if (!this.#taken.has(name) && !names.has(name)) this.#remove(name);
    for (const model of wanted) this.#set(model);
    this.#tellExpected();
    const clashing = models.filter(({ name }) => this.#taken.has(name)).map(({ name }) => `"${name}"`);
    if (clashing.length === 0) return;
    const [verb, pronoun] = clashing.length === 1 ? ['is', 'it'] : ['are', 'them'];
    const message = `${clashing.join(', ')} ${verb} set by the configuration file; give ${pronoun} another name.`;
    throw new ParleyError('name_taken', message);
  }

  async replace(name: string): Promise<void> {
    this.#refuseWhileStopping();
    const replacing = this.#named(name).replace();
    this.#tellExpected();
    await replacing;
  }

  async release(name: string): Promise<void> {
    const releasing = this.#named(name).release();
    this.#tellExpected();
    await releasing;
  }

  load(name: string): void {
    this.#refuseWhileStopping();
    this.#named(name).load();
    this.#tellExpected();
  }

  logLines(name: string): string[] {
    return this.#named(name).logLines;
  }

  /** Nothing is started any more, whatever ends. */
  retire(): void {
    this.#isRetired = true;
    for (const runner of this.#runners.values()) runner.retire();
  }

  /** Ends all; called again, the shorter time counts. */
  async end(graceMs: number): Promise<void> {
    const all = [...this.#runners.values(), ...this.#ending];
    await Promise.all(all.map((runner) => runner.end(graceMs)));
  }

  #set(model: HostedModel): void {
    const existing = this.#runners.get(model.name);
    const runner = existing ?? new ModelRunner(toWorkerModel(model), this.#parts);
    this.#runners.set(model.name, runner);
    if (existing) runner.change(toWorkerModel(model));
    if (model.is_released) void runner.release();
    else if (!existing) void runner.begin();
    else if (runner.isReleased) runner.load();
  }

  #remove(name: string): void {
    const runner = this.#named(name);
    this.#runners.delete(name);
    this.#ending.add(runner);
    void runner.end(this.#parts.stopGraceMs).then(() => this.#ending.delete(runner));
  }

  #refuseWhileStopping(): void {
    if (this.#isRetired) throw new ParleyError('model_host_missing', 'Parley is stopping.');
  }

  #named(name: string): ModelRunner {
    const runner = this.#runners.get(name);
    if (runner) return runner;
    throw new ParleyError('model_not_found', `No process runs a model "${name}".`, { param: 'model' });
  }

  #tellExpected(): void {
    const wanted = [...this.#runners.values()].filter(({ isReleased }) => !isReleased);
    this.#parts.onExpected(wanted.map(({ model }) => model.name));
    this.#parts.onChange();
  }
}
