import { sql, type Kysely } from 'kysely';
import type { Database } from '../../database/schema.ts';
import type { FileStatus } from './store-requests.ts';

/** A document as a file of a vector store. */
export interface StoreFileRow {
  id: string;
  base_id: string;
  file_id: string | null;
  name: string;
  media_type: string;
  size: number | null;
  error: string | null;
  status: FileStatus;
  attributes: string | null;
  created_at: number;
}

/**
 * What is ready but not yet in the index of words cannot be found: a program that searches as soon as
 * its file is completed would miss it.
 */
export const fileStatus = sql<FileStatus>`case
  when documents.state in ('failed', 'set-aside') then 'failed'
  when documents.state = 'cancelled' then 'cancelled'
  when documents.state = 'ready' and documents.id not in (
    select document_id from index_changes where followed = 'none' and document_id is not null
  ) then 'completed'
  else 'in_progress' end`;

/** The same of a document's state alone. */
export function statusOfState(state: string): FileStatus {
  if (state === 'failed' || state === 'set-aside') return 'failed';
  if (state === 'cancelled') return 'cancelled';
  return state === 'ready' ? 'completed' : 'in_progress';
}

/** The documents of all bases with what programs know of them. */
export function selectStoreFiles(db: Kysely<Database>) {
  return db
    .selectFrom('documents')
    .leftJoin('vector_store_files as link', 'link.document_id', 'documents.id')
    .select([
      'documents.id',
      'documents.base_id',
      'link.file_id',
      'documents.name',
      'documents.media_type',
      'documents.size',
      'documents.error',
      fileStatus.as('status'),
      'link.attributes',
      'documents.created_at',
    ]);
}
