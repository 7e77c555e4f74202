import { errorCodes, type BaseSettings } from '@parley/contracts';
import type { z } from 'zod';
import type { UploadedFileTable, VectorStoreBatchTable } from '../../database/schema.ts';
import type { AccessibleBase } from '../../knowledge/base-access.ts';
import { toStoredError } from '../../knowledge/base-view.ts';
import { toBatchId, toFileId, toStoreId } from './object-ids.ts';
import type { StoreFileRow } from './store-file-rows.ts';
import type { StoreCounts } from './store-counts.ts';
import { attributesSchema, metadataSchema, type Attributes, type FileStatus } from './store-requests.ts';

type FileCounts = Record<FileStatus | 'total', number>;

/** Times are whole seconds here. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1000);

/** What a program attached to a file; nothing where nothing was. */
export function toAttributes(json: string | null): Attributes {
  return json === null ? {} : attributesSchema.parse(JSON.parse(json));
}

export function toMetadata(json: string | undefined): z.output<typeof metadataSchema> | null {
  return json === undefined ? null : metadataSchema.parse(JSON.parse(json));
}

/** The id under which programs know a document of a store. */
export const wireIdOf = (row: Pick<StoreFileRow, 'id' | 'file_id'>): string => toFileId(row.file_id ?? row.id);

export function toStoreView(
  base: AccessibleBase,
  { counts, metadata }: { counts: StoreCounts; metadata: string | undefined },
) {
  const fileCounts = withTotal(counts.files);
  return {
    id: toStoreId(base.id),
    object: 'vector_store' as const,
    created_at: toSeconds(base.created_at),
    name: base.name,
    description: base.description,
    usage_bytes: counts.bytes,
    file_counts: fileCounts,
    status: fileCounts.in_progress > 0 ? ('in_progress' as const) : ('completed' as const),
    expires_after: null,
    expires_at: null,
    last_active_at: toSeconds(base.updated_at),
    metadata: toMetadata(metadata),
  };
}

export function toStoreFileView(row: StoreFileRow, split: BaseSettings['split']) {
  return {
    id: wireIdOf(row),
    object: 'vector_store.file' as const,
    created_at: toSeconds(row.created_at),
    vector_store_id: toStoreId(row.base_id),
    usage_bytes: row.size ?? 0,
    status: row.status,
    last_error: row.status === 'failed' ? toLastError(row.error) : null,
    attributes: toAttributes(row.attributes),
    chunking_strategy: {
      type: 'static' as const,
      static: { max_chunk_size_tokens: split.max_tokens, chunk_overlap_tokens: split.overlap_tokens },
    },
  };
}

export function toBatchView(batch: Omit<VectorStoreBatchTable, 'document_ids'>, files: readonly StoreFileRow[]) {
  const counts = countFiles(files);
  return {
    id: toBatchId(batch.id),
    object: 'vector_store.file_batch' as const,
    created_at: toSeconds(batch.created_at),
    vector_store_id: toStoreId(batch.base_id),
    status: batchStatus(counts),
    file_counts: counts,
  };
}

/** An upload. */
export function toFileView({ id, size, name, purpose, created_at }: UploadedFileTable) {
  return toFileObject({ id: toFileId(id), bytes: size, created_at, filename: name, purpose });
}

/** A document that somebody else uploaded, or that came another way. */
export function toFileViewOfDocument(row: StoreFileRow) {
  const { size, created_at, name } = row;
  return toFileObject({ id: wireIdOf(row), bytes: size ?? 0, created_at, filename: name, purpose: 'assistants' });
}

interface FileFacts {
  id: string;
  bytes: number;
  created_at: number;
  filename: string;
  purpose: string;
}

function toFileObject({ created_at, ...facts }: FileFacts) {
  return {
    ...facts,
    object: 'file' as const,
    created_at: toSeconds(created_at),
    expires_at: null,
    status: 'processed' as const,
    status_details: null,
  };
}

function countFiles(files: readonly Pick<StoreFileRow, 'status'>[]): FileCounts {
  const counts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const { status } of files) counts[status] += 1;
  return withTotal(counts);
}

function withTotal(files: StoreCounts['files']): FileCounts {
  return { ...files, total: Object.values(files).reduce((sum, count) => sum + count, 0) };
}

function batchStatus({ in_progress, completed, failed, cancelled }: FileCounts): FileStatus {
  if (in_progress > 0) return 'in_progress';
  if (completed > 0 || failed + cancelled === 0) return 'completed';
  return cancelled > 0 ? 'cancelled' : 'failed';
}

function toLastError(json: string | null) {
  const { code, message } = toStoredError(json) ?? { code: 'internal_error' as const, message: 'It is not known why.' };
  const isOurs = errorCodes[code].status >= 500;
  const kind = code === 'document_type_unknown' ? 'unsupported_file' : isOurs ? 'server_error' : 'invalid_file';
  return { code: kind, message };
}
