import { untilAborted } from '@parley/service-kit';
import type { ChatCompletion, ChatCompletionRequest } from '@parley/contracts';
import type { Engine } from '../engine.ts';
import { refuseOtherModel, type ServedModel } from '../served-model.ts';
import type { SlotLimiter } from '../slot-limiter.ts';
import { ChunkShaper, type AnswerHead, type WireChunk } from './chunk-shaper.ts';
import { joinChunks } from './join-chunks.ts';

export interface CompletionServiceOptions {
  engine: Engine;
  slots: SlotLimiter;
  /** The one model that is served. */
  model: ServedModel;
  now: () => number;
  newId: () => string;
}

/** Answers requests through the engine, no more at once than there are slots. */
export class CompletionService {
  readonly #options: CompletionServiceOptions;

  constructor(options: CompletionServiceOptions) {
    this.#options = options;
  }

  /** The answer chunk by chunk. Holds a slot from its turn until the last chunk, an error, or the reader's leaving. */
  stream(request: ChatCompletionRequest, signal: AbortSignal): AsyncGenerator<WireChunk> {
    const includesUsage = request.stream_options?.include_usage === true;
    return this.#generate(request, new ChunkShaper(this.#head(request), { includesUsage }), signal);
  }

  /** The answer in one piece. */
  complete(request: ChatCompletionRequest, signal: AbortSignal): Promise<ChatCompletion> {
    const head = this.#head(request);
    return joinChunks(head, this.#generate(request, new ChunkShaper(head, { includesUsage: true }), signal));
  }

  async *#generate(
    request: ChatCompletionRequest,
    shaper: ChunkShaper,
    signal: AbortSignal,
  ): AsyncGenerator<WireChunk> {
    const { engine, slots } = this.#options;
    const release = await slots.acquire(signal);
    // Also reached by a reader's fault that is no abort: the engine must stop with its slot.
    const left = new AbortController();
    try {
      const together = AbortSignal.any([signal, left.signal]);
      for await (const chunk of untilAborted(engine.generate(request, together), signal)) yield* shaper.shape(chunk);
      yield* shaper.end();
    } finally {
      release();
      left.abort();
    }
  }

  #head({ model }: ChatCompletionRequest): AnswerHead {
    const { model: served, now, newId } = this.#options;
    refuseOtherModel(served, model, 'chat');
    return { id: `chatcmpl-${newId()}`, created: Math.floor(now() / 1000), model };
  }
}
