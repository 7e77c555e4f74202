import { Embeddings } from '@langchain/core/embeddings';
import type { EmbedTexts } from './embed-texts.ts';
import { toUnitVectors } from './to-unit-vectors.ts';

export interface GatewayEmbeddingsFields {
  /** `createEmbedTexts` makes one over the gateway's API, or any other of OpenAI's kind. */
  embed: EmbedTexts;
  /** Ends what is being embedded. */
  signal?: AbortSignal;
}

/**
 * LangChain embeddings whose vectors come from an injected port, in the order of the texts and of
 * length 1. Whatever the port answers: a missing, zero or endless vector is `embedding_failed`. No
 * retries here: the gateway knows better which failures pass.
 */
export class GatewayEmbeddings extends Embeddings {
  readonly #embed: EmbedTexts;
  readonly #signal: AbortSignal;

  constructor({ embed, signal = new AbortController().signal }: GatewayEmbeddingsFields) {
    super({});
    this.#embed = embed;
    this.#signal = signal;
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    if (texts.length === 0) return [];
    const vectors = toUnitVectors(await this.#embed(texts, this.#signal), texts.length);
    return vectors.map((vector) => Array.from(vector));
  }

  override async embedQuery(text: string): Promise<number[]> {
    const [vector = []] = await this.embedDocuments([text]);
    return vector;
  }
}
