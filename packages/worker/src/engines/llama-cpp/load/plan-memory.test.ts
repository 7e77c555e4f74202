import { describe, expect, it } from 'vitest';
import { modelConfigSchema, type LlamaCppModel } from '../../../config.ts';
import { planMemory, type Memory } from './plan-memory.ts';
import { threadCount } from './thread-count.ts';

const modelOf = (more: object = {}) =>
  modelConfigSchema.parse({ engine: 'llama-cpp', name: 'm', model_path: '/models/m.gguf', ...more }) as LlamaCppModel;

/** 1 GB of weights, and 100 bytes for each token of each conversation. */
const plan = (more: object, free: Partial<Memory>, trainedLength = 32_768) =>
  planMemory({
    model: modelOf(more),
    trainedLength,
    free: { ram: 0, gpu: 0, ...free },
    predict: async ({ contextLength, sequences }) => ({ ram: 1e9 + contextLength * sequences * 100, gpu: 0 }),
  });

describe('the room for conversations', () => {
  it('is four of 8,192 tokens, or of what the model was trained for', async () => {
    expect(await plan({}, { ram: 2e9 })).toEqual({ contextLength: 8192, sequences: 4 });
    expect(await plan({}, { ram: 2e9 }, 512)).toEqual({ contextLength: 512, sequences: 4 });
  });

  it('is fewer conversations where memory is short, and then shorter ones', async () => {
    expect(await plan({}, { ram: 1e9 + 2_000_000 })).toEqual({ contextLength: 8192, sequences: 2 });
    expect(await plan({}, { ram: 1e9 + 500_000 })).toEqual({ contextLength: 4096, sequences: 1 });
  });

  it('is what the settings say, or nothing', async () => {
    const wanted = { context_length: 20_000, parallel: 8 };
    expect(await plan(wanted, { ram: 2e9 })).toEqual({ contextLength: 20_000, sequences: 8 });
    await expect(plan(wanted, { ram: 1.01e9 })).rejects.toMatchObject({
      code: 'model_too_large',
      message: expect.stringContaining('m.gguf needs 1.02 GB of memory with these settings, and 1.01 GB are free.'),
    });
  });

  it('is one for an encoder, no longer than it was trained for', async () => {
    const wanted = { purpose: 'embedding', context_length: 8192, parallel: 8 };
    expect(await plan(wanted, { ram: 2e9 }, 512)).toEqual({ contextLength: 512, sequences: 1 });
  });

  it('names what may be taken of the GPU', async () => {
    const planning = planMemory({
      model: modelOf({ max_gpu_memory: 2e9 }),
      trainedLength: 4096,
      free: { ram: 64e9, gpu: 2e9 },
      predict: async () => ({ ram: 1e9, gpu: 3e9 }),
    });
    await expect(planning).rejects.toThrow('3.00 GB of GPU memory with these settings, and 2.00 GB may be taken');
  });
});

describe('threads', () => {
  it('are the real cores less one, of those that the process may use', () => {
    expect(threadCount(null, 8, 16)).toBe(7);
    expect(threadCount(null, 64, 4)).toBe(3);
    expect(threadCount(null, 1, 1)).toBe(1);
    expect(threadCount(6, 2, 2)).toBe(6);
  });
});
