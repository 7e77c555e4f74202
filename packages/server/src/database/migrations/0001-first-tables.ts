import type { Kysely } from 'kysely';
import type { NamedMigration } from '../migrate.ts';

export const firstTables: NamedMigration = {
  name: '0001-first-tables',
  async up(db) {
    await createAccountTables(db);
    await createConversationTables(db);
  },
};

async function createAccountTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  // What makes two visitors who press "Start" at once one owner and one refusal.
  await db.schema
    .createIndex('users_one_owner')
    .unique()
    .on('users')
    .column('role')
    .where('role' as never, '=', 'owner')
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .execute();
}

async function createConversationTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('conversations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('is_named', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('conversations_by_user')
    .on('conversations')
    .columns(['user_id', 'updated_at', 'id'])
    .execute();
  await createMessages(db);
  await db.schema
    .createIndex('messages_in_order')
    .unique()
    .on('messages')
    .columns(['conversation_id', 'sequence'])
    .execute();
  await db.schema.createIndex('messages_by_parent').on('messages').column('parent_id').execute();
  await db.schema.createIndex('messages_by_status').on('messages').column('status').execute();
}

async function createMessages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('messages')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('conversation_id', 'text', (column) =>
      column.notNull().references('conversations.id').onDelete('cascade'),
    )
    // No cascade: a chain of some thousand messages would go deeper than SQLite's triggers may.
    .addColumn('parent_id', 'text', (column) => column.references('messages.id'))
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('reasoning', 'text')
    .addColumn('model', 'text')
    .addColumn('usage', 'text')
    .addColumn('timings', 'text')
    .addColumn('sources', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('error', 'text')
    .addColumn('finish_reason', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
}
