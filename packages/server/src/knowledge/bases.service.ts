import {
  ParleyError,
  type CreateBaseRequest,
  type IndexReport,
  type KnowledgeBase,
  type KnowledgeBaseList,
  type UpdateBaseRequest,
} from '@parley/contracts';
import type { Ingestion } from '../ingestion/ingestion.ts';
import type { BaseAccess } from './base-access.ts';
import { settingsOf, toBaseViews, type BaseViewTools } from './base-view.ts';
import type { BaseChange, BasesRepository } from './bases.repository.ts';
import { checkSplit, mergeSettings } from './merge-settings.ts';
import { chooseFirstModel, newBase } from './new-base.ts';

export interface BasesServiceOptions extends BaseViewTools {
  access: BaseAccess;
  bases: BasesRepository;
  ingestion: Ingestion;
  /** Whether the settings name a Chroma server. */
  hasChroma: boolean;
  /** Throws `model_not_found` for a model that this user may not use. */
  requireModel: (userId: string, model: string) => Promise<void>;
  now: () => number;
  newId: () => string;
}

/** A change as it was parsed, and its settings as they came. */
export interface RequestedChange extends UpdateBaseRequest {
  given: unknown;
}

/** Knowledge bases: made, changed, removed, their embedding models and indexes. */
export class BasesService {
  readonly #options: BasesServiceOptions;

  constructor(options: BasesServiceOptions) {
    this.#options = options;
  }

  async list(userId: string): Promise<KnowledgeBaseList> {
    const bases = await this.#options.access.list(userId);
    const byName = bases.toSorted((one, other) => one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1));
    const vector_stores: KnowledgeBaseList['vector_stores'] = this.#options.hasChroma
      ? ['embedded', 'chroma']
      : ['embedded'];
    return { bases: await toBaseViews(byName, this.#options), vector_stores };
  }

  async read(userId: string, id: string): Promise<KnowledgeBase> {
    const base = await this.#options.access.requireBase(userId, id, 'reader');
    const [view] = await toBaseViews([base], this.#options);
    if (view === undefined) throw new RangeError('One base has one view.');
    return view;
  }

  async create(userId: string, request: CreateBaseRequest): Promise<KnowledgeBase> {
    const { name, description, settings, embedding_model: model } = request;
    checkSplit(settings.split, 'settings.split');
    if (settings.vector_store === 'chroma' && !this.#options.hasChroma) {
      const sentence = 'No Chroma server is configured: set server.chroma_url first.';
      throw new ParleyError('invalid_request', sentence, { param: 'settings.vector_store' });
    }
    await this.#requireModels(userId, [model, settings.retrieval.rerank_model]);
    const base = newBase({ ownerId: userId, name, description, settings }, this.#options);
    await this.#options.bases.insert(base);
    if (model) await chooseFirstModel(this.#options.ingestion, base.id, model);
    return this.read(userId, base.id);
  }

  async update(
    userId: string,
    id: string,
    { name, description, settings, given }: RequestedChange,
  ): Promise<KnowledgeBase> {
    const { access, bases, ingestion, now } = this.#options;
    const base = await access.requireBase(userId, id, 'editor');
    const reranker = settings?.retrieval?.rerank_model ?? null;
    // One that somebody else chose may stay.
    if (reranker !== settingsOf(base).retrieval.rerank_model) await this.#requireModels(userId, [reranker]);
    await bases.change(id, async (stored, trx) => {
      const change: BaseChange = { updated_at: now() };
      if (typeof name === 'string') change.name = name;
      if (typeof description === 'string') change.description = description;
      if (!settings) return change;
      const changed = mergeSettings(stored, settings, given);
      checkSplit(changed.split, 'settings.split');
      const isSplitChanged = JSON.stringify(changed.split) !== JSON.stringify(stored.split);
      if (isSplitChanged) await ingestion.splitAnew(id, trx);
      return { ...change, settings: changed };
    });
    return this.read(userId, id);
  }

  async remove(userId: string, id: string): Promise<void> {
    await this.#options.access.requireBase(userId, id, 'owner');
    await this.#options.ingestion.removeBase(id);
  }

  async chooseModel(userId: string, id: string, model: string | null): Promise<KnowledgeBase> {
    await this.#options.access.requireBase(userId, id, 'owner');
    await this.#requireModels(userId, [model]);
    await this.#options.ingestion.chooseEmbeddingModel(id, model);
    return this.read(userId, id);
  }

  async activateSpace(userId: string, id: string, spaceId: string): Promise<KnowledgeBase> {
    const { access, bases, ingestion } = this.#options;
    await access.requireBase(userId, id, 'owner');
    const model = await bases.spaceModel(id, spaceId);
    if (model === null) throw new ParleyError('not_found', 'This knowledge base has no such set of vectors.');
    await this.#requireModels(userId, [model]);
    await ingestion.activateSpace(id, spaceId);
    return this.read(userId, id);
  }

  async verify(userId: string, id: string): Promise<IndexReport> {
    await this.#options.access.requireBase(userId, id, 'editor');
    return this.#options.ingestion.verify(id);
  }

  async rebuild(userId: string, id: string): Promise<IndexReport> {
    await this.#options.access.requireBase(userId, id, 'editor');
    return this.#options.ingestion.rebuild(id);
  }

  async #requireModels(userId: string, models: readonly (string | null | undefined)[]): Promise<void> {
    for (const model of models) if (model) await this.#options.requireModel(userId, model);
  }
}
