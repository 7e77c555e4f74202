import { freemem } from 'node:os';
import type { GgufInsights, GgufInsightsResourceRequirements, Llama } from 'node-llama-cpp';
import type { LlamaCppModel } from '../../../config.ts';
import type { ContextShape, Memory } from './plan-memory.ts';

/** What this machine has left, as far as the settings allow it to be used. */
export async function freeMemory(llama: Llama, model: LlamaCppModel): Promise<Memory> {
  // The first knows of limits that a container sets, the second of what its neighbours take.
  const ram = Math.min(process.availableMemory(), freemem());
  if (llama.gpu === false) return { ram, gpu: 0 };
  const { free } = await llama.getVramState();
  return { ram, gpu: Math.min(free, model.max_gpu_memory ?? Number.POSITIVE_INFINITY) };
}

export interface ForecastOptions {
  model: LlamaCppModel;
  llama: Llama;
  free: Memory;
}

/** Predicts what a model takes in a given shape, from its file's head. */
export function forecast(
  insights: GgufInsights,
  { model, llama, free }: ForecastOptions,
): (shape: ContextShape) => Promise<Memory> {
  const gpuLayers = fixedLayers(insights, model, llama);
  const isShared = llama.gpu !== false && gpuLayers === null;
  const isEncoder = model.purpose !== 'chat';
  return async ({ contextLength, sequences }) => {
    const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers: gpuLayers ?? 0 });
    const predict = (part: GgufInsightsResourceRequirements): Memory => {
      const needed = { ram: weights.cpuRam + part.cpuRam, gpu: weights.gpuVram + part.gpuVram };
      return isShared ? gpuFirst(needed, free) : needed;
    };
    const context = { contextSize: contextLength, sequences, modelGpuLayers: gpuLayers ?? 0 };
    if (!isEncoder) {
      // What the conversations alone take is known at once; the exact forecast takes long where they are huge.
      const kept = predict(insights.estimateContextResourceRequirements({ ...context, includeGraphOverhead: false }));
      if (kept.ram > free.ram || kept.gpu > free.gpu) return kept;
    }
    const options = isEncoder ? { isEmbeddingContext: true, batchSize: contextLength } : {};
    return predict(await insights.estimateContextResourceRequirementsV2({ ...context, ...options }));
  };
}

/** Layers on the GPU where they do not depend on what fits; null for `auto`. */
function fixedLayers(insights: GgufInsights, { gpu_layers: wanted }: LlamaCppModel, llama: Llama): number | null {
  if (wanted === 'auto') return null;
  if (llama.gpu === false) return 0;
  return wanted === 'max' ? insights.totalLayers : Math.min(wanted, insights.totalLayers);
}

/** With `auto`, the GPU takes what fits there, and the processor has the rest. */
function gpuFirst({ ram, gpu }: Memory, free: Memory): Memory {
  const onGpu = Math.min(ram + gpu, free.gpu);
  return { ram: ram + gpu - onGpu, gpu: onGpu };
}
