import type { Kysely, Transaction } from 'kysely';
import { ParleyError } from '@parley/contracts';
import type { Database, ModelTable } from '../../database/schema.ts';
import { isConstraintError } from '../../database/storage-error.ts';
import { storedSettingsSchema, type StoredSettings } from './stored-settings.ts';

/** A row of `models`, read, with those who may use it. */
export interface StoredModel extends Omit<ModelTable, 'settings' | 'is_released'> {
  settings: StoredSettings;
  is_released: boolean;
  /** For access `chosen`, by name. */
  users: { id: string; name: string }[];
}

export type NewModel = Pick<StoredModel, 'name' | 'label' | 'purpose' | 'connection_id' | 'file' | 'settings'>;

export interface ModelChange {
  label?: string;
  settings?: StoredSettings;
  is_released?: boolean;
}

/** Models that were added on the page, and the access of those that were not. Who may ask is decided before. */
export class ModelsRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** In the order of the picker. */
  async list(): Promise<StoredModel[]> {
    const rows = await this.#db.selectFrom('models').selectAll().orderBy('position').orderBy('name').execute();
    if (rows.length === 0) return [];
    const users = await this.#db
      .selectFrom('model_users')
      .innerJoin('users', 'users.id', 'model_users.user_id')
      .select(['model', 'users.id', 'users.name'])
      .orderBy('users.name_key')
      .execute();
    const usersOf = Map.groupBy(users, ({ model }) => model);
    return rows.map((row) => ({
      ...row,
      settings: storedSettingsSchema.parse(JSON.parse(row.settings)),
      is_released: row.is_released === 1,
      users: (usersOf.get(row.name) ?? []).map(({ id, name }) => ({ id, name })),
    }));
  }

  /** All or nothing. Throws `name_taken`. */
  async insert(models: readonly NewModel[], time: number): Promise<void> {
    await this.#db.transaction().execute((trx) => insertModels(trx, models, time));
  }

  async update(name: string, { settings, is_released, ...change }: ModelChange, time: number): Promise<void> {
    await this.#db
      .updateTable('models')
      .set({
        ...change,
        ...(settings !== undefined && { settings: JSON.stringify(settings) }),
        ...(is_released !== undefined && { is_released: Number(is_released) }),
        updated_at: time,
      })
      .where('name', '=', name)
      .execute();
  }

  /** Also of a model that has no row yet: one of the configuration file gets a row that holds nothing else. */
  async setAccess(
    { name, label, purpose }: Pick<ModelTable, 'name' | 'label' | 'purpose'>,
    access: { mode: ModelTable['access']; userIds: readonly string[] },
    time: number,
  ): Promise<void> {
    const { mode, userIds } = access;
    await this.#db.transaction().execute(async (trx) => {
      const row = { name, label, purpose, ...EMPTY_ROW, origin: 'config-file' as const, access: mode, position: 0 };
      await trx
        .insertInto('models')
        .values({ ...row, created_at: time, updated_at: time })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ access: mode, updated_at: time }))
        .execute();
      await trx.deleteFrom('model_users').where('model', '=', name).execute();
      if (userIds.length === 0) return;
      const rows = userIds.map((userId) => ({ model: name, user_id: userId }));
      await trx.insertInto('model_users').values(rows).execute();
    });
  }

  async remove(name: string): Promise<void> {
    await this.#db.deleteFrom('models').where('name', '=', name).where('origin', '=', 'page').execute();
  }
}

const EMPTY_ROW = { connection_id: null, file: null, settings: '{}', is_released: 0 };

/** Adds models after all others, within a transaction. Throws `name_taken`. */
export async function insertModels(
  trx: Transaction<Database>,
  models: readonly NewModel[],
  time: number,
): Promise<void> {
  const names = models.map(({ name }) => name);
  // A row that held the access of a configured model that is no longer configured.
  await trx.deleteFrom('models').where('name', 'in', names).where('origin', '=', 'config-file').execute();
  const { last } = await trx
    .selectFrom('models')
    .select((row) => row.fn.max('position').as('last'))
    .executeTakeFirstOrThrow();
  const rows = models.map(({ settings, ...model }, index) => ({
    ...EMPTY_ROW,
    ...model,
    settings: JSON.stringify(settings),
    origin: 'page' as const,
    access: 'everyone' as const,
    position: (last ?? 0) + index + 1,
    created_at: time,
    updated_at: time,
  }));
  try {
    await trx.insertInto('models').values(rows).execute();
  } catch (error) {
    if (!isConstraintError(error)) throw error;
    throw new ParleyError('name_taken', 'There is a model of this name already.', { param: 'name', cause: error });
  }
}
