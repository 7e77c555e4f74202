import {
  modelDownloadListSchema,
  modelDownloadSchema,
  modelLibrarySchema,
  type ModelDownload,
  type ModelLibrary,
  type startDownloadRequestSchema,
} from '@parley/contracts/model-admin';
import type { z } from 'zod';
import { request, requestJson } from './http.ts';

export type NewDownload = z.input<typeof startDownloadRequestSchema>;

const DOWNLOADS = '/api/model-admin/downloads';
const at = (id: string, rest = '') => `${DOWNLOADS}/${encodeURIComponent(id)}${rest}`;

export function readLibrary(): Promise<ModelLibrary> {
  return requestJson(modelLibrarySchema, '/api/model-admin/library');
}

/** Of a file that no model uses. */
export async function deleteModelFile(file: string): Promise<void> {
  await request(`/api/model-admin/library/files/${encodeURIComponent(file)}`, { method: 'DELETE' });
}

export async function listDownloads(): Promise<ModelDownload[]> {
  const { downloads } = await requestJson(modelDownloadListSchema, DOWNLOADS);
  return downloads;
}

/** Begins to fetch a file; a model is made of it when it is there. */
export function startDownload(body: NewDownload): Promise<ModelDownload> {
  return requestJson(modelDownloadSchema, DOWNLOADS, { method: 'POST', body });
}

/** Ends a download, or forgets one that has ended; what was fetched of it goes. */
export async function cancelDownload(id: string): Promise<void> {
  await request(at(id), { method: 'DELETE' });
}

export async function resumeDownload(id: string): Promise<void> {
  await request(at(id, '/resume'), { method: 'POST', body: {} });
}
