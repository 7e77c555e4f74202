import { modelViewListSchema, type ModelView } from '@parley/contracts';
import { requestJson } from './http.ts';

export async function listModels(): Promise<ModelView[]> {
  const { models } = await requestJson(modelViewListSchema, '/api/models');
  return models;
}
