import type { BaseSettings } from '@parley/contracts';
import type { KnowledgeBaseTable } from '../database/schema.ts';
import type { Ingestion } from '../ingestion/ingestion.ts';

export interface NewBase {
  ownerId: string;
  name: string;
  description: string;
  settings: BaseSettings;
}

/** The row of a base that nobody but its owner sees yet. */
export function newBase(
  { ownerId, settings, ...named }: NewBase,
  { now, newId }: { now: () => number; newId: () => string },
): KnowledgeBaseTable {
  const time = now();
  return {
    id: newId(),
    owner_id: ownerId,
    ...named,
    kind: 'base',
    conversation_id: null,
    visibility: 'private',
    settings: JSON.stringify(settings),
    created_at: time,
    updated_at: time,
  };
}

/** Gives a new base its model, or takes the base back: one whose model was lost would silently be searched by words alone. */
export async function chooseFirstModel(
  ingestion: Pick<Ingestion, 'chooseEmbeddingModel' | 'removeBase'>,
  baseId: string,
  model: string,
): Promise<void> {
  try {
    await ingestion.chooseEmbeddingModel(baseId, model);
  } catch (error) {
    await ingestion.removeBase(baseId);
    throw error;
  }
}
