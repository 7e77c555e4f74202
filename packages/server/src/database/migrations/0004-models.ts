import type { Kysely } from 'kysely';
import type { NamedMigration } from '../migrate.ts';

export const models: NamedMigration = {
  name: '0004-models',
  async up(db) {
    await createConnections(db);
    await createModels(db);
    await createDownloads(db);
  },
};

async function createConnections(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('model_connections')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('base_url', 'text', (column) => column.notNull())
    .addColumn('sealed_key', 'text')
    .addColumn('key_hint', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function createModels(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('connection_id', 'text', (column) => column.references('model_connections.id').onDelete('cascade'))
    .addColumn('file', 'text')
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('access', 'text', (column) => column.notNull())
    .addColumn('is_released', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('models_by_connection').on('models').column('connection_id').execute();
  await db.schema
    .createTable('model_users')
    .addColumn('model', 'text', (column) => column.notNull().references('models.name').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('model_users_key', ['model', 'user_id'])
    .execute();
  await db.schema.createIndex('model_users_by_user').on('model_users').column('user_id').execute();
}

async function createDownloads(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('model_downloads')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('received_bytes', 'bigint', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint')
    .addColumn('etag', 'text')
    .addColumn('sha256', 'text')
    .addColumn('error', 'text')
    .addColumn('add_model', 'integer', (column) => column.notNull())
    // The name alone: the download is kept when its model is deleted.
    .addColumn('model', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('model_downloads_by_time').on('model_downloads').columns(['created_at', 'id']).execute();
}
