import { modelDownloadSchema, type ModelDownload } from '@parley/contracts/model-admin';
import type { ModelDownloadTable } from '../../database/schema.ts';
import type { DownloadProgress } from './download-progress.ts';

const storedErrorSchema = modelDownloadSchema.shape.error;

/** A download as its owner sees it: the row, and what it does just now. */
export function toDownload(row: ModelDownloadTable, progress: DownloadProgress | null): ModelDownload {
  const isLive = progress !== null && (row.state === 'running' || row.state === 'checking');
  return {
    id: row.id,
    source: row.source,
    file: row.file,
    state: isLive ? (row.state === 'checking' ? 'checking' : progress.state) : row.state,
    received_bytes: isLive ? progress.receivedBytes : row.received_bytes,
    size_bytes: isLive ? progress.sizeBytes : row.size_bytes,
    bytes_per_second: isLive ? progress.bytesPerSecond : null,
    seconds_left: isLive ? progress.secondsLeft : null,
    error: row.error === null ? null : storedErrorSchema.parse(JSON.parse(row.error)),
    model: row.model,
    created_at: row.created_at,
  };
}
