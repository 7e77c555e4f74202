import {
  ParleyError,
  upstreamModelsSchema,
  type ErrorCode,
  type TriedConnection,
  type VendorModel,
} from '@parley/contracts';
import type { WorkerClient } from '../hosting/worker-client.ts';
import type { OpenedConnection } from '../hosting/worker-settings.ts';
import { askOnce } from './ask-once.ts';
import type { TriedModel, TrialWorker, TrialWorkers } from './trial-workers.ts';
import { toVendorModels } from './vendor-models.ts';

const LIST_LIMIT_MS = 20_000;
/** A server on this machine may have to load the model first. */
const ANSWER_LIMIT_MS = 45_000;

/** Nothing is there where a list would be; of a server that is reached at all, it says nothing about the other doors. */
const NOTHING_THERE: ReadonlySet<ErrorCode> = new Set(['not_found', 'model_not_found']);
/** What else a vendor without a list answers. */
const NO_LIST: ReadonlySet<ErrorCode> = new Set([...NOTHING_THERE, 'provider_failed', 'invalid_request']);

export interface ConnectionTrialOptions {
  trials: TrialWorkers;
  worker: WorkerClient;
  /** Milliseconds that only go forward. */
  clock?: () => number;
}

type Tested = NonNullable<TriedConnection['tested']>;

/** Finds out what an address and a key are good for, by real requests through a worker. Stores nothing. */
export class ConnectionTrial {
  readonly #options: ConnectionTrialOptions;
  readonly #clock: () => number;

  constructor(options: ConnectionTrialOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
  }

  /** The models, and one token of the first that is recommended. Throws what the vendor refused. */
  async try(target: OpenedConnection, signal: AbortSignal): Promise<TriedConnection> {
    const guess = firstChat(target.provider.models);
    const first = await this.#options.trials.use(target, triedOf(guess), async (trial) => {
      const models = await this.#list(target, trial, signal);
      const chosen = firstChat(models);
      const isGuessed = chosen !== null && chosen.id === guess?.id;
      return { models, chosen, tested: isGuessed ? await this.#ask(triedOf(chosen), trial, signal) : null };
    });
    const { models, chosen } = first;
    const tested = first.tested ?? (chosen === null ? null : await this.test(target, triedOf(chosen), signal));
    return { provider: target.provider.id, base_url: target.baseUrl, models, tested };
  }

  /** The vendor's list; the preset's, which may be empty, where it has none. */
  list(target: OpenedConnection, signal: AbortSignal): Promise<VendorModel[]> {
    const guess = triedOf(firstChat(target.provider.models));
    return this.#options.trials.use(target, guess, (trial) => this.#list(target, trial, signal));
  }

  /** One token, one vector or one ranking of a model. Throws what the vendor refused. */
  test(target: OpenedConnection, model: TriedModel, signal: AbortSignal): Promise<Tested> {
    return this.#options.trials.use(target, model, (trial) => this.#ask(model, trial, signal));
  }

  async #list({ provider }: OpenedConnection, { address }: TrialWorker, signal: AbortSignal): Promise<VendorModel[]> {
    if (provider.quirks.modelsPath === null) return [...provider.models];
    try {
      const call = { address, path: '/worker/upstream-models', limitMs: LIST_LIMIT_MS, signal };
      const parsed = upstreamModelsSchema.safeParse(await this.#options.worker.askJson(call));
      if (parsed.success) return toVendorModels(parsed.data.models, provider);
      throw new ParleyError('provider_failed', 'The list of models could not be read.', { cause: parsed.error });
    } catch (error) {
      // Of a server that no preset knows, the owner names a model; what else is wrong with it must be heard.
      const withoutList = provider.models.length > 0 ? NO_LIST : NOTHING_THERE;
      if (error instanceof ParleyError && withoutList.has(error.code)) return [...provider.models];
      throw error;
    }
  }

  async #ask(model: TriedModel, trial: TrialWorker, signal: AbortSignal): Promise<Tested> {
    const begun = this.#clock();
    await askOnce(this.#options.worker, model.purpose, { ...trial, limitMs: ANSWER_LIMIT_MS, signal });
    return { model: model.upstream_model, total_ms: Math.round(this.#clock() - begun) };
  }
}

function firstChat(models: readonly VendorModel[]): VendorModel | null {
  const chats = models.filter(({ purpose }) => purpose === 'chat');
  return chats.find((model) => model.is_recommended) ?? chats[0] ?? null;
}

/** A list is asked for through a worker of any model. */
function triedOf(model: VendorModel | null): TriedModel {
  return { upstream_model: model?.id ?? 'any', purpose: model?.purpose ?? 'chat' };
}
