import {
  addedDocumentsSchema,
  baseDocumentPageSchema,
  baseDocumentSchema,
  chunkListSchema,
  documentSchema,
  documentVersionListSchema,
  previewFileSchema,
  previewSchema,
  type AddPagesRequest,
  type BaseDocument,
  type DocumentVersion,
  type DocumentView,
  type SplitSettings,
} from '@parley/contracts';
import type { z } from 'zod';
import { request, requestJson } from './http.ts';

/** Rows that are asked for at a time; the server answers no more. */
const PAGE_SIZE = 200;
const at = (id: string, rest = '') => `/api/documents/${encodeURIComponent(id)}${rest}`;
const ofBase = (id: string, rest: string) => `/api/knowledge-bases/${encodeURIComponent(id)}/${rest}`;

export type BaseDocumentPage = z.output<typeof baseDocumentPageSchema>;
export type FilePreview = z.output<typeof previewFileSchema>;
export type PreviewChunk = z.output<typeof previewSchema>['chunks'][number];

/** One page of a base's documents, newest first; `after` is the `next` of the page before. */
export function listBaseDocuments(
  baseId: string,
  after: string | null,
  signal: AbortSignal,
): Promise<BaseDocumentPage> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(after === null ? {} : { after }) });
  return requestJson(baseDocumentPageSchema, ofBase(baseId, `documents?${query}`), { signal });
}

export function readBaseDocument(baseId: string, id: string, signal: AbortSignal): Promise<BaseDocument> {
  return requestJson(baseDocumentSchema, ofBase(baseId, `documents/${encodeURIComponent(id)}`), { signal });
}

/** Fetches a page, or a site's pages; answers the documents that are known so far. */
export async function addPages(baseId: string, body: AddPagesRequest): Promise<BaseDocument[]> {
  const added = await requestJson(addedDocumentsSchema, ofBase(baseId, 'pages'), { method: 'POST', body });
  return added.documents;
}

export function setDocumentEnabled(id: string, isEnabled: boolean): Promise<BaseDocument> {
  return requestJson(baseDocumentSchema, at(id), { method: 'PATCH', body: { is_enabled: isEnabled } });
}

export function moveDocument(id: string, how: 'cancel' | 'retry' | 'refresh'): Promise<BaseDocument> {
  return requestJson(baseDocumentSchema, at(id, `/${how}`), { method: 'POST', body: {} });
}

export async function deleteDocument(id: string): Promise<void> {
  await request(at(id), { method: 'DELETE' });
}

/** The text of a version; null: the newest. */
export function readDocumentText(id: string, version: string | null, signal: AbortSignal): Promise<DocumentView> {
  const query = version === null ? '' : `?version=${encodeURIComponent(version)}`;
  return requestJson(documentSchema, at(id, query), { signal });
}

export async function listVersions(id: string, signal: AbortSignal): Promise<DocumentVersion[]> {
  const { versions } = await requestJson(documentVersionListSchema, at(id, '/versions'), { signal });
  return versions;
}

/** Where the file itself is answered. */
export function fileAddress(id: string, version: string | null): string {
  return at(id, `/file${version === null ? '' : `?version=${encodeURIComponent(version)}`}`);
}

/** The passages of the newest version, and which that is. */
export function listChunks(id: string, signal: AbortSignal): Promise<z.output<typeof chunkListSchema>> {
  return requestJson(chunkListSchema, at(id, '/chunks'), { signal });
}

export async function setChunkEnabled(id: string, isEnabled: boolean): Promise<void> {
  const path = `/api/chunks/${encodeURIComponent(id)}`;
  await request(path, { method: 'PATCH', body: { is_enabled: isEnabled } });
}

export interface TextEdit {
  version_id: string;
  start: number;
  end: number;
  text: string;
}

/** Replaces a part of the newest version's text; the server makes a new version of it. */
export async function editText(id: string, body: TextEdit): Promise<void> {
  await request(at(id, '/text'), { method: 'PUT', body });
}

/** How a text would be cut. */
export async function previewCut(text: string, split: SplitSettings, signal: AbortSignal): Promise<PreviewChunk[]> {
  const path = '/api/knowledge-bases/preview';
  const { chunks } = await requestJson(previewSchema, path, { method: 'POST', body: { text, split }, signal });
  return chunks;
}

/** The text that would be kept of a file. */
export function previewFile(file: File): Promise<FilePreview> {
  const query = new URLSearchParams({ name: file.name });
  return requestJson(previewFileSchema, `/api/knowledge-bases/preview-file?${query}`, { method: 'POST', body: file });
}
