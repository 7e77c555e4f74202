import { ParleyError, type WorkerFacts } from '@parley/contracts';
import type { LlamaCppModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { openChatModel, type ChatModel } from './chat-model.ts';
import { planAnswer } from './generation/answer-plan.ts';
import { runAhead } from './generation/run-ahead.ts';
import { writeAnswers } from './generation/write-answers.ts';
import { loadFailure } from './load/load-failure.ts';
import { loadModel, type LoadedModel } from './load/load-model.ts';
import { RateMeter } from './rate-meter.ts';
import type { PromptCacheOptions } from './sequences/prompt-cache.ts';
import { EmbeddingModel } from './texts/embedding-model.ts';
import { RankingModel } from './texts/ranking-model.ts';

/** How far an answer may be ahead of its reader. */
const AHEAD = 64;
const STANDARD_CONCURRENCY = 4;

/** Runs a model's file in this process. `load` comes first; nothing is read before it. */
export function createLlamaCppEngine(model: LlamaCppModel, { logger, now, scratchFolder }: EngineTools): Engine {
  const rate = new RateMeter(now);
  let loaded: LoadedModel | null = null;
  let served: Served = {};
  return {
    async load(onLoading) {
      onLoading(null);
      loaded = await loadModel({ model, logger, onLoading });
      const cache = { folder: scratchFolder, limitBytes: model.prompt_cache, now, logger };
      served = await open(loaded, model, cache).catch((error: unknown) => {
        throw loadFailure(model.model_path, error, []);
      });
    },
    async *generate(request, signal) {
      const chat = served.chat ?? notLoaded();
      const plan = await planAnswer(chat, request);
      yield* runAhead(writeAnswers({ chat, plan, signal, onToken: rate.add }), {
        limit: AHEAD,
        onPause: () => chat.aligner.leave(),
        onResume: () => chat.aligner.enter(),
      });
    },
    embed: async (request, signal) => (served.embedding ?? notLoaded()).embed(request, signal),
    rerank: async (request, signal) => (served.ranking ?? notLoaded()).rank(request, signal),
    concurrency: () => (served.chat && loaded ? loaded.sequences : (model.parallel ?? STANDARD_CONCURRENCY)),
    facts: () => (loaded ? factsOf(loaded, served, rate) : {}),
    async close() {
      await served.chat?.cache.close();
      await loaded?.llama.dispose();
    },
  };
}

/** One of them, as the model's purpose is. */
interface Served {
  chat?: ChatModel;
  embedding?: EmbeddingModel;
  ranking?: RankingModel;
}

async function open(loaded: LoadedModel, { purpose }: LlamaCppModel, cache: PromptCacheOptions): Promise<Served> {
  if (purpose === 'embedding') return { embedding: await EmbeddingModel.open(loaded) };
  if (purpose === 'rerank') return { ranking: await RankingModel.open(loaded) };
  return { chat: await openChatModel(loaded, cache) };
}

function factsOf({ weights, contextLength }: LoadedModel, { chat }: Served, rate: RateMeter): WorkerFacts {
  return {
    tokens_per_second: rate.rate,
    context_length: chat?.contextLength ?? contextLength,
    ...(chat && { busy_sequences: chat.pool.lent }),
    gpu_memory_bytes: weights.memoryUsage.vram + (chat?.context.memoryUsage.vram ?? 0),
  };
}

function notLoaded(): never {
  throw new ParleyError('model_loading', 'The model is not loaded.');
}
