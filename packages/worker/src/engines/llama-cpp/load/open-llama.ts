import { getLlama, LlamaLogLevel, NoBinaryFoundError, type Llama } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';
import type { LlamaCppModel } from '../../../config.ts';
import type { NativeLog } from './native-log.ts';
import { threadCount } from './thread-count.ts';

/** llama.cpp as npm installed it: never built, never downloaded. The caller disposes of it. */
export async function openLlama(model: LlamaCppModel, log: NativeLog): Promise<Llama> {
  try {
    const llama = await getLlama({
      build: 'never',
      skipDownload: true,
      gpu: model.num_gpus === 0 ? false : 'auto',
      // The real cores are known to the library only; until it is asked it uses one.
      maxThreads: model.threads ?? 1,
      logLevel: LlamaLogLevel.warn,
      logger: log.write,
    });
    llama.maxThreads = threadCount(model.threads, llama.cpuMathCores);
    await llama.setVramCap(model.max_gpu_memory ?? null);
    return llama;
  } catch (error) {
    if (!(error instanceof NoBinaryFoundError)) throw error;
    throw new ParleyError('internal_error', 'llama.cpp is not installed for this machine; run npm install again.', {
      cause: error,
    });
  }
}
