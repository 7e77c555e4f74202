import type { Kysely } from 'kysely';
import type { NamedMigration } from '../migrate.ts';

export const vectorStores: NamedMigration = {
  name: '0003-vector-stores',
  async up(db) {
    await createUploadedFiles(db);
    await createStores(db);
  },
};

async function createUploadedFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('uploaded_files')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('uploaded_files_by_owner')
    .on('uploaded_files')
    .columns(['owner_id', 'created_at', 'id'])
    .execute();
}

async function createStores(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('vector_stores')
    .addColumn('base_id', 'text', (column) => column.primaryKey().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('metadata', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('vector_store_files')
    .addColumn('document_id', 'text', (column) => column.primaryKey().references('documents.id').onDelete('cascade'))
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    // The document outlives the upload that it was made of.
    .addColumn('file_id', 'text', (column) => column.references('uploaded_files.id').onDelete('set null'))
    .addColumn('attributes', 'text', (column) => column.notNull())
    .addUniqueConstraint('vector_store_files_once', ['base_id', 'file_id'])
    .execute();
  await db.schema.createIndex('vector_store_files_by_file').on('vector_store_files').column('file_id').execute();
  await db.schema
    .createTable('vector_store_batches')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('base_id', 'text', (column) => column.notNull().references('knowledge_bases.id').onDelete('cascade'))
    .addColumn('document_ids', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('vector_store_batches_by_base').on('vector_store_batches').column('base_id').execute();
}
