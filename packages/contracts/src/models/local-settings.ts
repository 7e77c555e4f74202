import { z } from 'zod';

/** Settings of a model that runs in a process of ours; null leaves the choice to the worker. */
export const localSettingsSchema = z.object({
  /** Tokens that one conversation may hold; at most what the model was trained for when null. */
  context_length: z.number().int().min(256).max(4_194_304).nullable().default(null),
  /** Requests that run at once, each in a sequence of its own. */
  parallel: z.number().int().min(1).max(256).nullable().default(null),
  /** Layers on the GPU: a number, as many as fit (`auto`), or all (`max`). */
  gpu_layers: z.union([z.number().int().min(0).max(10_000), z.enum(['auto', 'max'])]).default('auto'),
  /** How many GPUs it may use; 0 keeps it on the processor, null is all. */
  num_gpus: z.number().int().min(0).max(64).nullable().default(null),
  /** Most GPU memory that it may take, in bytes, over all GPUs; null: what is free. */
  max_gpu_memory_bytes: z.number().int().positive().nullable().default(null),
  /** Threads that compute; null: as many as there are real cores, less one. */
  threads: z.number().int().min(1).max(1024).nullable().default(null),
});
export type LocalSettings = z.output<typeof localSettingsSchema>;
