import { sql, type Kysely } from 'kysely';
import type { NamedMigration } from '../migrate.ts';

export const knowledgeBases: NamedMigration = {
  name: '0002-knowledge-bases',
  async up(db) {
    await createBases(db);
    await createDocuments(db);
    await createChunks(db);
    await createVectors(db);
    await createJobs(db);
    await createQualityTables(db);
    await db.schema.alterTable('messages').addColumn('trace', 'text').execute();
    await db.schema.alterTable('messages').addColumn('feedback', 'integer').execute();
  },
};

async function createBases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('knowledge_bases')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) =>
      column.unique().references('conversations.id').onDelete('cascade'),
    )
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('knowledge_bases_by_owner').on('knowledge_bases').column('owner_id').execute();
  await db.schema
    .createTable('knowledge_base_shares')
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('knowledge_base_shares_key', ['base_id', 'user_id'])
    .execute();
  await db.schema.createIndex('knowledge_base_shares_by_user').on('knowledge_base_shares').column('user_id').execute();
  await db.schema
    .createTable('conversation_bases')
    .addColumn('conversation_id', 'text', (column) =>
      column.notNull().references('conversations.id').onDelete('cascade'),
    )
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('conversation_bases_key', ['conversation_id', 'base_id'])
    .execute();
}

async function createDocuments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('documents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('size', 'bigint')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('percent', 'real', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('is_enabled', 'integer', (column) => column.notNull())
    .addColumn('version_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    // A second file of the same name is a new version, also when two tabs upload it at once.
    .addUniqueConstraint('documents_one_of_a_name', ['base_id', 'kind', 'name'])
    .execute();
  await db.schema.createIndex('documents_by_age').on('documents').columns(['base_id', 'created_at', 'id']).execute();
  await db.schema.createIndex('documents_by_state').on('documents').columns(['base_id', 'state']).execute();
  await db.schema
    .createTable('document_versions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('document_id', 'text', (column) => column.notNull().references('documents.id').onDelete('cascade'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('file_hash', 'text')
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('pages', 'text', (column) => column.notNull())
    .addColumn('flags', 'text', (column) => column.notNull())
    .addColumn('length', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('document_versions_number', ['document_id', 'number'])
    .execute();
  await db.schema
    .createTable('document_texts')
    .addColumn('version_id', 'text', (column) =>
      column.notNull().references('document_versions.id').onDelete('cascade'),
    )
    .addColumn('start', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('document_texts_key', ['version_id', 'start'])
    .execute();
}

async function createChunks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('chunks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('document_id', 'text', (column) => column.notNull().references('documents.id').onDelete('cascade'))
    .addColumn('version_id', 'text', (column) =>
      column.notNull().references('document_versions.id').onDelete('cascade'),
    )
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('page', 'integer')
    .addColumn('heading_path', 'text', (column) => column.notNull())
    .addColumn('start', 'integer', (column) => column.notNull())
    .addColumn('end', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('flags', 'text', (column) => column.notNull())
    .addColumn('is_enabled', 'integer', (column) => column.notNull())
    // What makes a piece of work that is done twice fail instead of storing its passages twice.
    .addUniqueConstraint('chunks_in_order', ['version_id', 'ordinal'])
    .execute();
  await db.schema.createIndex('chunks_by_base').on('chunks').columns(['base_id', 'id']).execute();
  await db.schema.createIndex('chunks_by_document').on('chunks').columns(['document_id', 'ordinal']).execute();
  // Where the vector of an equal passage is found again.
  await db.schema.createIndex('chunks_by_hash').on('chunks').columns(['base_id', 'hash']).execute();
}

async function createVectors(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('embedding_spaces')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('dimensions', 'integer')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('embedding_spaces_dimensions', ['id', 'dimensions'])
    .execute();
  await db.schema
    .createIndex('embedding_spaces_one_active')
    .unique()
    .on('embedding_spaces')
    .column('base_id')
    .where('state' as never, '=', 'active')
    .execute();
  await db.schema
    .createTable('chunk_vectors')
    .addColumn('space_id', 'text', (column) => column.notNull())
    .addColumn('chunk_id', 'text', (column) => column.notNull().references('chunks.id').onDelete('cascade'))
    .addColumn('dimensions', 'integer', (column) => column.notNull())
    .addColumn('vector', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('chunk_vectors_key', ['space_id', 'chunk_id'])
    // A vector of another length than its space's cannot be stored: the pair must exist, and the bytes must fit it.
    .addForeignKeyConstraint(
      'chunk_vectors_in_space',
      ['space_id', 'dimensions'],
      'embedding_spaces',
      ['id', 'dimensions'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .addCheckConstraint('chunk_vectors_length', sql`length(vector) = 4 * dimensions`)
    .execute();
  await db.schema.createIndex('chunk_vectors_by_chunk').on('chunk_vectors').column('chunk_id').execute();
}

async function createJobs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('document_id', 'text', (column) => column.references('documents.id').onDelete('cascade'))
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('run_at', 'bigint', (column) => column.notNull())
    .addColumn('lease_owner', 'text')
    .addColumn('lease_expires_at', 'bigint')
    .addColumn('error', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('jobs_to_run').on('jobs').columns(['state', 'base_id', 'run_at']).execute();
  await db.schema.createIndex('jobs_by_document').on('jobs').column('document_id').execute();
  await db.schema
    .createTable('index_changes')
    .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
    // No reference: the change that says "this base is gone" outlives it.
    .addColumn('base_id', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text')
    .addColumn('space_id', 'text')
    .addColumn('followed', 'text', (column) => column.notNull().defaultTo('none'))
    .execute();
}

async function createQualityTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('searches')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('query', 'text', (column) => column.notNull())
    .addColumn('hits', 'integer', (column) => column.notNull())
    .addColumn('total_ms', 'real', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('searches_by_base').on('searches').columns(['base_id', 'created_at']).execute();
  await db.schema
    .createTable('judgements')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('query', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text', (column) => column.notNull().references('documents.id').onDelete('cascade'))
    .addColumn('start', 'integer', (column) => column.notNull())
    .addColumn('end', 'integer', (column) => column.notNull())
    .addColumn('grade', 'integer', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('message_id', 'text', (column) => column.references('messages.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('judgements_by_base').on('judgements').column('base_id').execute();
}
