import type { FastifyBaseLogger } from 'fastify';
import type { Llama, LlamaModel } from 'node-llama-cpp';
import { firstFileOf } from '@parley/service-kit/split-files';
import type { LlamaCppModel } from '../../../config.ts';
import { loadFailure } from './load-failure.ts';
import { forecast, freeMemory } from './memory-forecast.ts';
import { NativeLog } from './native-log.ts';
import { openLlama } from './open-llama.ts';
import { planMemory, type ContextShape } from './plan-memory.ts';
import { checkModelFile, readInsights } from './read-model-file.ts';

/** A model's weights in memory, and how much room its conversations get. */
export interface LoadedModel extends ContextShape {
  llama: Llama;
  weights: LlamaModel;
}

export interface LoadOptions {
  model: LlamaCppModel;
  logger: FastifyBaseLogger;
  /** 0 to 100, in whole steps. */
  onLoading: (percent: number | null) => void;
}

/** Checks files, purpose and memory, then reads the weights. Throws what `Engine.load` throws. */
export async function loadModel(asked: LoadOptions): Promise<LoadedModel> {
  // llama.cpp takes a split model by its first file only.
  const model = { ...asked.model, model_path: firstFileOf(asked.model.model_path) };
  const options = { ...asked, model };
  await checkModelFile(model);
  const log = new NativeLog(options.logger);
  const llama = await openLlama(model, log);
  try {
    return await loadInto(llama, options);
  } catch (error) {
    // Not waited for: after a load that failed the library's own end may never come. The process ends anyway.
    void llama.dispose().catch(() => undefined);
    throw loadFailure(model.model_path, error, log.problems);
  }
}

async function loadInto(llama: Llama, { model, logger, onLoading }: LoadOptions): Promise<LoadedModel> {
  const { model_path: modelPath, gpu_layers: layers } = model;
  const insights = await readInsights(modelPath, llama);
  const trainedLength = insights.trainContextSize ?? 4096;
  const free = await freeMemory(llama, model);
  const shape = await planMemory({ model, trainedLength, free, predict: forecast(insights, { model, llama, free }) });
  if (shape.contextLength > trainedLength) {
    logger.warn({ trainedLength, ...shape }, 'the context is longer than the model was trained for');
  }
  const fitContext = {
    contextSize: shape.contextLength * shape.sequences,
    embeddingContext: model.purpose !== 'chat',
  };
  const weights = await llama.loadModel({
    modelPath,
    gpuLayers: layers === 'auto' ? { fitContext } : layers,
    onLoadProgress: inWholeSteps(onLoading),
  });
  logger.info({ ...shape, gpu: llama.gpu, gpuLayers: weights.gpuLayers, threads: llama.maxThreads }, 'model loaded');
  return { llama, weights, ...shape };
}

function inWholeSteps(report: (percent: number) => void): (part: number) => void {
  let last = -1;
  return (part) => {
    const percent = Math.floor(part * 100);
    if (percent === last) return;
    last = percent;
    report(percent);
  };
}
