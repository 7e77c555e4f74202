import type { LlamaEmbeddingContext } from 'node-llama-cpp';
import { ParleyError, type EmbeddingRequest } from '@parley/contracts';
import type { EmbeddedTexts } from '../../../engine.ts';
import { countFarTooLong } from '../prompt/count-tokens.ts';
import type { LoadedModel } from '../load/load-model.ts';
import { TextTurns } from './text-turns.ts';

/** Turns texts into vectors of length 1. */
export class EmbeddingModel {
  readonly #context: LlamaEmbeddingContext;
  readonly #contextLength: number;
  readonly #turns: TextTurns;

  private constructor(context: LlamaEmbeddingContext, contextLength: number) {
    this.#context = context;
    this.#contextLength = contextLength;
    this.#turns = new TextTurns(context);
  }

  static async open({ llama, weights, contextLength }: LoadedModel): Promise<EmbeddingModel> {
    const context = await weights.createEmbeddingContext({
      contextSize: contextLength,
      // An encoder must see a text whole; in several batches it ends the process.
      batchSize: contextLength,
      threads: llama.maxThreads,
    });
    return new EmbeddingModel(context, contextLength);
  }

  /** One text after the other; those of several requests take turns. */
  async embed(request: EmbeddingRequest, signal: AbortSignal): Promise<EmbeddedTexts> {
    const texts = [request.input].flat();
    this.#refuseLength(request.dimensions);
    const tokens = texts.reduce((sum, text, place) => sum + this.#tokensOf(text, place), 0);
    const vectors: number[][] = [];
    for (const [place, text] of texts.entries()) {
      if (signal.aborted) throw new ParleyError('request_aborted', 'The reader left.');
      const { vector } = await this.#turns.take(() => this.#context.getEmbeddingFor(text));
      vectors.push(normalised(vector, place));
    }
    return { vectors, usage: { prompt_tokens: tokens, total_tokens: tokens } };
  }

  // Which models keep their meaning in fewer numbers, their files do not say.
  #refuseLength(dimensions: number | null | undefined): void {
    const { embeddingVectorSize: own } = this.#context.model;
    if (!dimensions || dimensions === own) return;
    throw new ParleyError('invalid_request', `This model makes vectors of ${own} numbers, not of ${dimensions}.`, {
      param: 'dimensions',
    });
  }

  #tokensOf(text: string, place: number): number {
    const farTooMany = countFarTooLong(text, this.#contextLength, this.#context.model);
    const tokens = farTooMany ?? this.#context.calculateInputLength(text);
    if (tokens < this.#contextLength) return tokens;
    throw new ParleyError(
      'context_length_exceeded',
      `Text ${place + 1} has ${farTooMany === null ? '' : 'more than '}${tokens} tokens; ` +
        `this model reads fewer than ${this.#contextLength}.`,
      { param: 'input' },
    );
  }
}

function normalised(vector: readonly number[], place: number): number[] {
  if (vector.length === 0) {
    throw new ParleyError('invalid_request', `Text ${place + 1} has no words.`, { param: 'input' });
  }
  const length = Math.hypot(...vector);
  if (length > 0 && Number.isFinite(length)) return vector.map((value) => value / length);
  throw new ParleyError('embedding_failed', `The model has no vector for text ${place + 1}.`);
}
