import type { LlamaRankingContext, Token } from 'node-llama-cpp';
import { ParleyError, type RerankRequest } from '@parley/contracts';
import type { RankedTexts } from '../../../engine.ts';
import { countFarTooLong } from '../prompt/count-tokens.ts';
import type { LoadedModel } from '../load/load-model.ts';
import { TextTurns } from './text-turns.ts';

/** Characters of a text that are looked at: each window of the model takes as long as a short text. */
const LONGEST_TEXT = 64 * 1024;

/** Says how well texts answer a query, from 0 to 1. */
export class RankingModel {
  readonly #context: LlamaRankingContext;
  readonly #turns: TextTurns;

  private constructor(context: LlamaRankingContext) {
    this.#context = context;
    this.#turns = new TextTurns(context);
  }

  static async open({ llama, weights, contextLength }: LoadedModel): Promise<RankingModel> {
    const context = await weights.createRankingContext({
      contextSize: contextLength,
      // See EmbeddingModel.
      batchSize: contextLength,
      threads: llama.maxThreads,
    });
    return new RankingModel(context);
  }

  /** A text that is too long beside the query counts as its best part. */
  async rank({ query, documents }: RerankRequest, signal: AbortSignal): Promise<RankedTexts> {
    this.#refuseLongQuery(query);
    const results: RankedTexts['results'] = [];
    let tokens = 0;
    for (const [index, whole] of documents.entries()) {
      const document = this.#context.model.tokenize(whole.slice(0, LONGEST_TEXT), false, 'trimLeadingSpace');
      const length = this.#context.calculateInputLength(query, document);
      let score = 0;
      for (const window of windowsOf(document, this.#context.contextSize - 1 - (length - document.length))) {
        if (signal.aborted) throw new ParleyError('request_aborted', 'The reader left.');
        score = Math.max(score, await this.#turns.take(() => this.#context.rank(query, window)));
      }
      tokens += length;
      results.push({ index, relevance_score: score });
    }
    results.sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index);
    return { results, usage: { prompt_tokens: tokens, total_tokens: tokens } };
  }

  #refuseLongQuery(query: string): void {
    const { contextSize, model } = this.#context;
    const farTooMany = countFarTooLong(query, contextSize, model);
    const tokens = farTooMany ?? this.#context.calculateInputLength(query, '');
    // Half of the room at most, or there is none for the texts.
    if (tokens <= contextSize / 2) return;
    throw new ParleyError(
      'context_length_exceeded',
      `The query has ${farTooMany === null ? '' : 'more than '}${tokens} tokens; this model reads ${contextSize} of query and text together.`,
      { param: 'query' },
    );
  }
}

/** Parts of `size` tokens at most, each of which begins in the middle of the one before. */
function* windowsOf(tokens: Token[], size: number): Generator<Token[]> {
  let start = 0;
  while (start + size < tokens.length) {
    yield tokens.slice(start, start + size);
    start += Math.ceil(size / 2);
  }
  yield tokens.slice(start);
}
