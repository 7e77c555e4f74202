import {
  indexReportSchema,
  knowledgeBaseListSchema,
  knowledgeBaseSchema,
  promptLibrarySchema,
  sharingSchema,
  type CreateBaseRequest,
  type IndexReport,
  type KnowledgeBase,
  type KnowledgeBaseList,
  type PromptLibrary,
  type Sharing,
  type UpdateBaseRequest,
} from '@parley/contracts';
import { request, requestJson } from './http.ts';

const at = (id: string, rest = '') => `/api/knowledge-bases/${encodeURIComponent(id)}${rest}`;

export function listBases(): Promise<KnowledgeBaseList> {
  return requestJson(knowledgeBaseListSchema, '/api/knowledge-bases');
}

export function readPrompts(): Promise<PromptLibrary> {
  return requestJson(promptLibrarySchema, '/api/prompts');
}

export function readBase(id: string): Promise<KnowledgeBase> {
  return requestJson(knowledgeBaseSchema, at(id));
}

export function createBase(body: CreateBaseRequest): Promise<KnowledgeBase> {
  return requestJson(knowledgeBaseSchema, '/api/knowledge-bases', { method: 'POST', body });
}

export function updateBase(id: string, body: UpdateBaseRequest): Promise<KnowledgeBase> {
  return requestJson(knowledgeBaseSchema, at(id), { method: 'PATCH', body });
}

export async function deleteBase(id: string): Promise<void> {
  await request(at(id), { method: 'DELETE' });
}

/** Begins to fill a space for another model; null: words alone from now on. */
export async function chooseEmbeddingModel(id: string, model: string | null): Promise<void> {
  await request(at(id, '/embedding-model'), { method: 'PUT', body: { model } });
}

/** Back to a space that was active before. */
export async function activateSpace(id: string, spaceId: string): Promise<void> {
  await request(at(id, `/spaces/${encodeURIComponent(spaceId)}/activate`), { method: 'POST', body: {} });
}

export function readSharing(id: string): Promise<Sharing> {
  return requestJson(sharingSchema, at(id, '/sharing'));
}

export function saveSharing(id: string, body: Sharing): Promise<Sharing> {
  return requestJson(sharingSchema, at(id, '/sharing'), { method: 'PUT', body });
}

/** Compares rows and indexes; `rebuild` fills the indexes from the rows first. */
export function checkIndex(id: string, how: 'verify' | 'rebuild'): Promise<IndexReport> {
  return requestJson(indexReportSchema, at(id, `/${how}`), { method: 'POST', body: {} });
}
