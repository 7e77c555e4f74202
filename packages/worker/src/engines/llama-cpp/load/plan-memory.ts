import { basename } from 'node:path';
import { ParleyError, type ModelPurpose } from '@parley/contracts';
import type { LlamaCppModel } from '../../../config.ts';

const LONGEST_STANDARD = { chat: 8192, embedding: 2048, rerank: 2048 } as const satisfies Record<ModelPurpose, number>;
const SHORTEST_STANDARD = 1024;
const STANDARD_PARALLEL = [4, 2, 1] as const;
const ONE = [1] as const;

export interface Memory {
  ram: number;
  gpu: number;
}

/** How many tokens one conversation may hold, and how many conversations at once. */
export interface ContextShape {
  contextLength: number;
  sequences: number;
}

export interface MemoryQuestion {
  model: LlamaCppModel;
  trainedLength: number;
  free: Memory;
  /** What the model and its conversations take. */
  predict: (shape: ContextShape) => Promise<Memory>;
}

/**
 * The largest shape that fits what is free: first fewer conversations, then shorter ones; what the
 * settings ask for is not changed. Throws `model_too_large` when none fits.
 */
export async function planMemory({ model, trainedLength, free, predict }: MemoryQuestion): Promise<ContextShape> {
  let smallest: Memory = { ram: Number.POSITIVE_INFINITY, gpu: 0 };
  for (const contextLength of contextLengths(model, trainedLength)) {
    for (const sequences of sequenceCounts(model)) {
      const needed = await predict({ contextLength, sequences });
      if (fits(needed, free)) return { contextLength, sequences };
      smallest = needed.ram + needed.gpu < smallest.ram + smallest.gpu ? needed : smallest;
    }
  }
  throw tooLarge(model, smallest, free);
}

function contextLengths({ context_length: wanted, purpose }: LlamaCppModel, trained: number): number[] {
  // An encoder has a place for each trained position and none beyond.
  if (wanted) return [purpose === 'chat' ? wanted : Math.min(wanted, trained)];
  const lengths: number[] = [];
  let length = Math.min(trained, LONGEST_STANDARD[purpose]);
  while (length >= SHORTEST_STANDARD) {
    lengths.push(length);
    length = Math.floor(length / 2);
  }
  return lengths.length > 0 ? lengths : [length];
}

function sequenceCounts({ parallel, purpose }: LlamaCppModel): readonly number[] {
  // Texts go through an encoder one after the other; more of them at once would only wait inside.
  if (purpose !== 'chat') return ONE;
  return parallel ? [parallel] : STANDARD_PARALLEL;
}

function fits(needed: Memory, free: Memory): boolean {
  return needed.ram <= free.ram && needed.gpu <= free.gpu;
}

function tooLarge({ model_path: path, max_gpu_memory: cap }: LlamaCppModel, needed: Memory, free: Memory): ParleyError {
  const isGpu = needed.gpu > free.gpu;
  const kind = isGpu ? 'GPU memory' : 'memory';
  const limit = isGpu && cap ? 'may be taken' : 'are free';
  const [wants, has] = isGpu ? [needed.gpu, free.gpu] : [needed.ram, free.ram];
  return new ParleyError(
    'model_too_large',
    `${basename(path)} needs ${inGigabytes(wants)} of ${kind} with these settings, and ${inGigabytes(has)} ${limit}.` +
      ' Choose a smaller file, a shorter context or fewer parallel requests.',
  );
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB`;
}
