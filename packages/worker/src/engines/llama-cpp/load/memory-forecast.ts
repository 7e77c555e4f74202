import type { GgufInsights, GgufInsightsResourceRequirements, Llama } from 'node-llama-cpp';
import type { LlamaCppModel } from '../../../config.ts';
import type { ContextShape, Memory } from './plan-memory.ts';

/** What this machine has left, as far as the settings allow it to be used. */
export async function freeMemory(llama: Llama, model: LlamaCppModel): Promise<Memory> {
  // Knows of limits that a container sets, which the library does not.
  const ram = process.availableMemory();
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
  const gpuLayers = layersOnGpu(insights, model, llama);
  const isEncoder = model.purpose !== 'chat';
  return async ({ contextLength, sequences }) => {
    const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers });
    const context = { contextSize: contextLength, sequences, modelGpuLayers: gpuLayers };
    if (!isEncoder) {
      // What the conversations alone take is known at once; the exact forecast takes long where they are huge.
      const kept = insights.estimateContextResourceRequirements({ ...context, includeGraphOverhead: false });
      if (kept.cpuRam > free.ram || kept.gpuVram > free.gpu) return together(weights, kept);
    }
    const options = isEncoder ? { isEmbeddingContext: true, batchSize: contextLength } : {};
    return together(weights, await insights.estimateContextResourceRequirementsV2({ ...context, ...options }));
  };
}

function together(weights: GgufInsightsResourceRequirements, context: GgufInsightsResourceRequirements): Memory {
  return { ram: weights.cpuRam + context.cpuRam, gpu: weights.gpuVram + context.gpuVram };
}

// "auto" puts on the GPU what fits there, so all of it must fit beside the processor at worst.
function layersOnGpu(insights: GgufInsights, { gpu_layers: wanted }: LlamaCppModel, llama: Llama): number {
  if (llama.gpu === false || wanted === 'auto') return 0;
  return wanted === 'max' ? insights.totalLayers : Math.min(wanted, insights.totalLayers);
}
