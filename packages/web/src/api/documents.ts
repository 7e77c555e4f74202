import { documentSchema, type DocumentView } from '@parley/contracts';
import { requestJson } from './http.ts';

export function readDocument(id: string, signal: AbortSignal): Promise<DocumentView> {
  return requestJson(documentSchema, `/api/documents/${encodeURIComponent(id)}`, { signal });
}
