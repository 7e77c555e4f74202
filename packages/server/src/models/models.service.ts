import { ParleyError, type CatalogueModel, type ModelPurpose, type ModelView } from '@parley/contracts';

const CACHE_MS = 1_000;

const CANNOT: Record<ModelPurpose, string> = {
  chat: 'does not answer questions',
  embedding: 'does not make embeddings',
  rerank: 'does not rank passages',
};

export interface ModelsServiceOptions {
  catalogue: readonly CatalogueModel[];
  /** The names that the gateway serves now; throws `ParleyError` when it does not answer. */
  liveNames: () => Promise<string[]>;
  now: () => number;
}

/** The configured models, and which of them can answer now. */
export class ModelsService {
  readonly #options: ModelsServiceOptions;
  #live: { names: Promise<string[]>; since: number } | null = null;

  constructor(options: ModelsServiceOptions) {
    this.#options = options;
  }

  /** In the configured order; models that only the gateway knows come last. */
  async list(): Promise<ModelView[]> {
    const { catalogue } = this.#options;
    const live = new Set(await this.#liveNames());
    const configured = catalogue.map((model): ModelView => ({
      ...model,
      state: stateOf(model, live),
      loading_percent: null,
    }));
    const others = [...live].filter((name) => !catalogue.some((model) => model.name === name));
    return [...configured, ...others.map(toUnconfigured)];
  }

  /**
   * The model that a request names, for what it is to do. Throws `model_not_found`, `model_needs_key`,
   * and `invalid_request` for a model of another purpose.
   */
  async named(name: string, purpose: ModelPurpose = 'chat'): Promise<ModelView> {
    const models = await this.list();
    const model = models.find((candidate) => candidate.name === name);
    if (!model) {
      const fitting = models.filter((candidate) => candidate.purpose === purpose);
      const names = fitting.map((candidate) => candidate.name).join(', ') || 'none';
      throw new ParleyError('model_not_found', `There is no model "${name}". There are: ${names}.`, { param: 'model' });
    }
    if (model.purpose === purpose) return refuseWithoutKey(model);
    throw new ParleyError('invalid_request', `The model "${model.label}" ${CANNOT[purpose]}.`, { param: 'model' });
  }

  /** The chat model to use when none is named: the one used before, else the first that is ready, else the first that may become so. */
  async fallback(lastUsed: string | null): Promise<ModelView> {
    const models = (await this.list()).filter(({ purpose }) => purpose === 'chat');
    const usable = models.filter(({ state }) => state !== 'needs-key');
    const model =
      usable.find(({ name }) => name === lastUsed) ??
      usable.find(({ state }) => state === 'ready') ??
      usable[0] ??
      models[0];
    if (!model) throw new ParleyError('model_not_found', 'No model is configured.', { param: 'model' });
    return refuseWithoutKey(model);
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

function stateOf({ name, needs_key }: CatalogueModel, live: ReadonlySet<string>): ModelView['state'] {
  if (live.has(name)) return 'ready';
  return needs_key === null ? 'unavailable' : 'needs-key';
}

function toUnconfigured(name: string): ModelView {
  return {
    name,
    label: name,
    kind: 'local',
    engine: 'unknown',
    needs_key: null,
    knowledge: null,
    purpose: 'chat',
    context_length: null,
    capabilities: { vision: false, tools: false, reasoning: false },
    state: 'ready',
    loading_percent: null,
  };
}

function refuseWithoutKey(model: ModelView): ModelView {
  if (model.state !== 'needs-key') return model;
  throw new ParleyError(
    'model_needs_key',
    `The model "${model.label}" waits for its key: put ${model.needs_key} into the file .env and start Parley again.`,
    { param: 'model' },
  );
}
