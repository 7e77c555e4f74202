import {
  evaluationSchema,
  judgementListSchema,
  judgementSchema,
  retrievalTraceSchema,
  searchHistorySchema,
  type Evaluation,
  type Judgement,
  type RetrievalTrace,
  type SearchRequest,
} from '@parley/contracts';
import type { z } from 'zod';
import { request, requestJson } from './http.ts';

const ofBase = (id: string, rest: string) => `/api/knowledge-bases/${encodeURIComponent(id)}/${rest}`;

export type PastSearch = z.output<typeof searchHistorySchema>['searches'][number];
export type NewJudgement = Pick<Judgement, 'query' | 'document_id' | 'start' | 'end' | 'grade'>;

export function searchBases(body: SearchRequest, signal: AbortSignal): Promise<RetrievalTrace> {
  return requestJson(retrievalTraceSchema, '/api/knowledge-bases/search', { method: 'POST', body, signal });
}

export async function listSearches(baseId: string): Promise<PastSearch[]> {
  const { searches } = await requestJson(searchHistorySchema, ofBase(baseId, 'searches'));
  return searches;
}

export async function listJudgements(baseId: string): Promise<Judgement[]> {
  const { judgements } = await requestJson(judgementListSchema, ofBase(baseId, 'judgements'));
  return judgements;
}

export function addJudgement(baseId: string, body: NewJudgement): Promise<Judgement> {
  return requestJson(judgementSchema, ofBase(baseId, 'judgements'), { method: 'POST', body });
}

export async function deleteJudgement(baseId: string, id: string): Promise<void> {
  await request(ofBase(baseId, `judgements/${encodeURIComponent(id)}`), { method: 'DELETE' });
}

/** The searches against the judged queries; `tune` also keeps the weight that was best. */
export function evaluate(baseId: string, tune: boolean): Promise<Evaluation> {
  return requestJson(evaluationSchema, ofBase(baseId, 'evaluate'), { method: 'POST', body: { tune } });
}
