import { basename } from 'node:path';
import type { GgufInsights } from 'node-llama-cpp';
import type { ModelPurpose } from '@parley/contracts';
import { unreadable } from './load-failure.ts';

/** Refuses a file that cannot do what the model is for, before anything is loaded. */
export function checkPurpose(path: string, purpose: ModelPurpose, insights: GgufInsights): void {
  const file = basename(path);
  if (purpose === 'rerank' && !insights.supportsRanking) {
    throw unreadable(`The file ${file} is no reranking model; it cannot rank texts.`);
  }
  if (purpose === 'embedding' && insights.supportsRanking) {
    throw unreadable(`The file ${file} is a reranking model; it makes no embeddings.`);
  }
  if (purpose === 'chat' && !canWrite(insights)) {
    throw unreadable(`The file ${file} is a model for embeddings or ranking; it cannot write answers.`);
  }
}

// A model that writes looks back only; encoders, which look both ways, say so in their file.
function canWrite(insights: GgufInsights): boolean {
  if (insights.supportsRanking) return false;
  const { metadata } = insights.ggufFileInfo;
  const own: unknown = Reflect.get(metadata, metadata.general.architecture);
  const attention: unknown = typeof own === 'object' && own !== null ? Reflect.get(own, 'attention') : null;
  return typeof attention !== 'object' || attention === null || Reflect.get(attention, 'causal') !== false;
}
