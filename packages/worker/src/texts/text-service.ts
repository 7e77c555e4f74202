import { ParleyError, type EmbeddingRequest, type RerankRequest, type RerankResult } from '@parley/contracts';
import type { Engine, TextUsage } from '../engine.ts';
import { refuseOtherModel, type ServedModel } from '../served-model.ts';
import type { SlotLimiter } from '../slot-limiter.ts';

export interface TextServiceOptions {
  engine: Engine;
  slots: SlotLimiter;
  /** The one model that is served. */
  model: ServedModel;
}

/** OpenAI's list of embeddings, in the form that was asked for: numbers, or little-endian floats in base64. */
export interface EmbeddingAnswer {
  object: 'list';
  data: { object: 'embedding'; index: number; embedding: number[] | string }[];
  model: string;
  usage: TextUsage | null;
}

/** Turns texts into vectors and ranks them through the engine, no more requests at once than there are slots. */
export class TextService {
  readonly #options: TextServiceOptions;

  constructor(options: TextServiceOptions) {
    this.#options = options;
  }

  async embed(request: EmbeddingRequest, signal: AbortSignal): Promise<EmbeddingAnswer> {
    const { engine, model } = this.#options;
    refuseOtherModel(model, request.model, 'embedding');
    const { vectors, usage } = await this.#withSlot(signal, () => engine.embed?.(request, signal));
    const toWire = request.encoding_format === 'base64' ? toBase64 : (vector: number[]) => vector;
    const data = vectors.map((vector, index) => ({ object: 'embedding' as const, index, embedding: toWire(vector) }));
    return { object: 'list', data, model: model.name, usage };
  }

  async rerank(request: RerankRequest, signal: AbortSignal): Promise<RerankResult> {
    const { engine, model } = this.#options;
    refuseOtherModel(model, request.model, 'rerank');
    const { results, usage } = await this.#withSlot(signal, () => engine.rerank?.(request, signal));
    return { results: results.slice(0, request.top_n ?? results.length), model: model.name, usage };
  }

  async #withSlot<Result>(signal: AbortSignal, work: () => Promise<Result> | undefined): Promise<Result> {
    const { slots, model } = this.#options;
    const release = await slots.acquire(signal);
    try {
      const working = work();
      if (working === undefined)
        throw new ParleyError('invalid_request', `The engine of ${model.name} cannot do this.`);
      return await working;
    } finally {
      release();
    }
  }
}

function toBase64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}
