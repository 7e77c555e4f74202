import { basename } from 'node:path';
import { GgufInsights, readGgufFileInfo, type Llama } from 'node-llama-cpp';
import { readModelHeader } from '@parley/service-kit/gguf';
import type { LlamaCppModel } from '../../../config.ts';
import { unreadable } from './load-failure.ts';

/**
 * Refuses a model of which a file is missing, damaged, or made for something else, before llama.cpp is
 * even started. Throws `model_file_missing` and `model_file_unreadable`.
 */
export async function checkModelFile({ model_path: path, purpose }: LlamaCppModel): Promise<void> {
  const { purpose: made } = await readModelHeader(path);
  const file = basename(path);
  if (purpose === 'rerank' && made !== 'rerank') {
    throw unreadable(`The file ${file} is no reranking model; it cannot rank texts.`);
  }
  if (purpose === 'embedding' && made === 'rerank') {
    throw unreadable(`The file ${file} is a reranking model; it makes no embeddings.`);
  }
  if (purpose === 'chat' && made !== 'chat') {
    throw unreadable(`The file ${file} is a model for embeddings or ranking; it cannot write answers.`);
  }
}

/** What memory a model will take is predicted from this. */
export async function readInsights(path: string, llama: Llama): Promise<GgufInsights> {
  const insights = await insightsOf(path, llama);
  if (insights.isSupportedByLlamaCpp) return insights;
  const kind = insights.ggufFileInfo.metadata.general.architecture;
  throw unreadable(`The file ${basename(path)} is a model of the kind ${kind}, which this llama.cpp does not know.`);
}

async function insightsOf(path: string, llama: Llama): Promise<GgufInsights> {
  try {
    const info = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false });
    return await GgufInsights.from(info, llama);
  } catch (error) {
    throw unreadable(`The file ${basename(path)} is damaged; download it again.`, error);
  }
}
