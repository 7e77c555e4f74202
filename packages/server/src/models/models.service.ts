import {
  ParleyError,
  type Account,
  type HostedProcess,
  type ModelPurpose,
  type ModelView,
  type ModelViewList,
} from '@parley/contracts';
import type { ContextLengths } from './hosting/context-lengths.ts';
import type { ModelProcesses } from './hosting/model-processes.ts';
import type { KnownModel } from './known-model.ts';
import type { ModelDirectory } from './model-directory.ts';
import { toModelView, toUnconfigured } from './model-view.ts';
import { needsKey } from './needs-key.ts';
import { mayUse } from './stored/model-access.ts';

const CACHE_MS = 1_000;

const CANNOT: Record<ModelPurpose, string> = {
  chat: 'does not answer questions',
  embedding: 'does not make embeddings',
  rerank: 'does not rank passages',
};

/** Who asks for models. */
export type ModelUser = Pick<Account, 'name' | 'role'>;

export interface ModelsServiceOptions {
  directory: Pick<ModelDirectory, 'list'>;
  processes: Pick<ModelProcesses, 'byModel' | 'of'>;
  contextLengths: ContextLengths;
  /** The names that the gateway serves now; throws `ParleyError` when it does not answer. */
  liveNames: () => Promise<string[]>;
  findUser: (id: string) => Promise<ModelUser | undefined>;
  now: () => number;
}

/** The models that somebody may use, and which of them can answer now. */
export class ModelsService {
  readonly #options: ModelsServiceOptions;
  #live: { names: Promise<string[]>; since: number } | null = null;

  constructor(options: ModelsServiceOptions) {
    this.#options = options;
  }

  /** As `GET /api/models` answers it. */
  async listFor(user: ModelUser): Promise<ModelViewList> {
    return { models: await this.list(user) };
  }

  /** In the configured order; models that only the gateway knows come last. */
  async list(user: ModelUser): Promise<ModelView[]> {
    const { models, live, processes } = await this.#read();
    const allowed = models.filter(({ access }) => mayUse(access, user));
    const configured = await Promise.all(
      allowed.map(async (model) => {
        const process = processes.get(model.name) ?? null;
        return toModelView(model, { live, process, contextLength: await this.#contextLengthOf(model, process) });
      }),
    );
    const others = [...live].filter((name) => !models.some((model) => model.name === name));
    return [...configured, ...others.map(toUnconfigured)];
  }

  /**
   * The model that a request names, for what it is to do. Throws `model_not_found` (also for one that
   * this user may not use), `model_needs_key`, `no_worker_for_model` for one that is put away or could
   * not be started, and `invalid_request` for a model of another purpose.
   */
  async named(user: ModelUser, name: string, purpose: ModelPurpose = 'chat'): Promise<ModelView> {
    const models = await this.list(user);
    const model = models.find((candidate) => candidate.name === name);
    if (!model) {
      const fitting = models.filter((candidate) => candidate.purpose === purpose);
      const names = fitting.map((candidate) => candidate.name).join(', ') || 'none';
      throw new ParleyError('model_not_found', `There is no model "${name}". There are: ${names}.`, { param: 'model' });
    }
    if (model.purpose === purpose) return this.#refuseUnusable(model);
    throw new ParleyError('invalid_request', `The model "${model.label}" ${CANNOT[purpose]}.`, { param: 'model' });
  }

  /**
   * The chat model to use when none is named: the one used before, else the first that is ready, else
   * the first that is being loaded, else the first that may become so.
   */
  async fallback(user: ModelUser, lastUsed: string | null): Promise<ModelView> {
    const models = (await this.list(user)).filter(({ purpose }) => purpose === 'chat');
    const usable = models.filter(({ state }) => state !== 'needs-key');
    const model =
      usable.find(({ name }) => name === lastUsed) ??
      usable.find(({ state }) => state === 'ready') ??
      usable.find(({ state }) => state === 'loading') ??
      usable[0] ??
      models[0];
    if (!model) throw new ParleyError('model_not_found', 'No model is configured.', { param: 'model' });
    return this.#refuseUnusable(model);
  }

  /** Throws `model_not_found` for a model that there is, but not for this user; a name that nobody knows passes. */
  async requireAllowed(userId: string, name: string): Promise<void> {
    const model = (await this.#options.directory.list()).find((candidate) => candidate.name === name);
    if (model === undefined || model.access.mode === 'everyone') return;
    const user = await this.#options.findUser(userId);
    if (user && mayUse(model.access, user)) return;
    throw new ParleyError('model_not_found', `There is no model "${name}".`, { param: 'model' });
  }

  /** How much of the model's file has been read, while it is being loaded; null when it is not. Throws as `named` does once it failed. */
  async loading(name: string): Promise<{ percent: number | null } | null> {
    const { models, live, processes } = await this.#read();
    const model = models.find((candidate) => candidate.name === name);
    const process = processes.get(name) ?? null;
    if (model === undefined) return null;
    const view = toModelView(model, { live, process, contextLength: null });
    if (view.state === 'loading') return { percent: view.loading_percent };
    if (view.state === 'unavailable') refuseDown(view, process);
    return null;
  }

  /** Of a model of this machine; what a vendor holds, its settings say. */
  async #contextLengthOf({ kind }: KnownModel, process: HostedProcess | null): Promise<number | null> {
    return kind === 'local' && process !== null ? this.#options.contextLengths.of(process) : null;
  }

  async #read(): Promise<Readings> {
    const { directory, processes } = this.#options;
    const [models, names, byModel] = await Promise.all([directory.list(), this.#liveNames(), processes.byModel()]);
    return { models, live: new Set(names), processes: byModel };
  }

  async #refuseUnusable(model: ModelView): Promise<ModelView> {
    if (model.state === 'needs-key') throw needsKey(model);
    if (model.state === 'unavailable') refuseDown(model, await this.#options.processes.of(model.name));
    return model;
  }

  #liveNames(): Promise<string[]> {
    const { now, liveNames } = this.#options;
    const age = this.#live === null ? Infinity : now() - this.#live.since;
    // A negative age: the clock was set back, and an answer from its future would be kept until then.
    if (this.#live === null || age < 0 || age >= CACHE_MS) {
      // A gateway that does not answer serves nothing now; that is an answer too, not a failure of the list.
      this.#live = { names: liveNames().catch(() => []), since: now() };
    }
    return this.#live.names;
  }
}

interface Readings {
  models: KnownModel[];
  live: ReadonlySet<string>;
  processes: ReadonlyMap<string, HostedProcess>;
}

/** What nobody is bringing up now would only be waited for in vain. */
function refuseDown({ label }: ModelView, process: HostedProcess | null): void {
  if (process?.state === 'released') {
    const sentence = `The model "${label}" is put away. Pick another one; an owner can load it again on the Models page.`;
    throw new ParleyError('no_worker_for_model', sentence, { param: 'model' });
  }
  if (process?.state === 'failed') {
    const sentence = `The model "${label}" could not be started. Pick another one; an owner sees the reason on the Models page.`;
    throw new ParleyError('no_worker_for_model', sentence, { param: 'model' });
  }
}
