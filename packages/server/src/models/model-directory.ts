import { ParleyError, type CatalogueModel, type ModelProvider } from '@parley/contracts';
import type { ModelConnectionTable } from '../database/schema.ts';
import { fromCatalogue, fromRow, type KnownModel } from './known-model.ts';
import type { ConnectionKeys } from './stored/connection-keys.ts';
import type { ConnectionsRepository } from './stored/connections.repository.ts';
import type { ModelsRepository, StoredModel } from './stored/models.repository.ts';

export interface ModelDirectoryOptions {
  /** The models of the launcher's settings. */
  catalogue: readonly CatalogueModel[];
  models: Pick<ModelsRepository, 'list'>;
  connections: Pick<ConnectionsRepository, 'list'>;
  keys: Pick<ConnectionKeys, 'problemOf'>;
  providerNamed: (id: string) => ModelProvider | undefined;
}

/** Every model that is set up, wherever that was done. */
export class ModelDirectory {
  readonly #options: ModelDirectoryOptions;

  constructor(options: ModelDirectoryOptions) {
    this.#options = options;
  }

  /** The configured ones in their order, then those of the page. */
  async list(): Promise<KnownModel[]> {
    const { catalogue } = this.#options;
    const rows = await this.#options.models.list();
    // A row of the page that has a configured model's name says nothing of it, unless somebody has restricted it.
    const ofConfigured = rows.filter(({ origin, access }) => origin === 'config-file' || access !== 'everyone');
    const rowOf = new Map(ofConfigured.map((row) => [row.name, row]));
    const configured = catalogue.map((model) => fromCatalogue(model, rowOf.get(model.name)));
    const taken = new Set(catalogue.map(({ name }) => name));
    // A configured model of the same name came later; the row waits until that name is free again.
    const added = rows.filter(({ name, origin }) => origin === 'page' && !taken.has(name));
    return [...configured, ...(await this.#readRows(added))];
  }

  /** The names that no further model may have. */
  async takenNames(): Promise<Set<string>> {
    const rows = (await this.#options.models.list()).filter(({ origin }) => origin === 'page');
    return new Set([...this.#options.catalogue, ...rows].map(({ name }) => name));
  }

  /** Throws `model_not_found`. */
  async find(name: string): Promise<KnownModel> {
    const model = (await this.list()).find((candidate) => candidate.name === name);
    if (model) return model;
    throw new ParleyError('model_not_found', `There is no model "${name}".`);
  }

  async #readRows(rows: readonly StoredModel[]): Promise<KnownModel[]> {
    if (rows.length === 0) return [];
    const connections = new Map((await this.#options.connections.list()).map((row) => [row.id, row]));
    const obstacles = new Map([...connections].map(([id, row]) => [id, this.#obstacleOf(row)]));
    return rows.map((row) => {
      const connection = row.connection_id === null ? null : (connections.get(row.connection_id) ?? null);
      if (connection === null) return fromRow(row, { connection, engine: 'llama-cpp', obstacle: null });
      const engine = this.#options.providerNamed(connection.provider)?.engine ?? 'unknown';
      return fromRow(row, { connection, engine, obstacle: obstacles.get(connection.id) ?? null });
    });
  }

  #obstacleOf(connection: ModelConnectionTable): string | null {
    if (this.#options.providerNamed(connection.provider) === undefined) {
      return `This version of Parley does not know the provider "${connection.provider}".`;
    }
    return this.#options.keys.problemOf(connection);
  }
}
