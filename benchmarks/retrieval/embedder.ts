import { embeddingListSchema, type EmbeddingRequest } from '@parley/contracts';
import { createEmbedTexts } from '@parley/rag';
import { LatentSemanticModel } from './latent-semantic.ts';

/** What makes vectors of texts; null for a text that has none. */
export interface Embedder {
  name: string;
  embed(texts: readonly string[]): Promise<(Float32Array | null)[]>;
}

export interface EmbedderOptions {
  /** Base address of an OpenAI-style API, up to and with `/v1`. */
  url: string;
  model: string;
  key: string | undefined;
}

const BATCH_TEXTS = 32;
/** Embedding models take no more than some hundred words; what is cut off is at the end. */
const MAX_UNITS = 6_000;

/** A model behind an OpenAI-style `/v1/embeddings`. */
export function createRemoteEmbedder({ url, model, key }: EmbedderOptions): Embedder {
  const address = `${url.replace(/\/+$/, '')}/embeddings`;
  const embed = async (request: EmbeddingRequest) => {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
    return embeddingListSchema.parse(await response.json());
  };
  const embedTexts = createEmbedTexts({ embed, model, batchSize: BATCH_TEXTS });
  return { name: model, embed: (texts) => embedTexts(texts.map(toInput), new AbortController().signal) };
}

/** An API takes no empty text. */
function toInput(text: string): string {
  return text.slice(0, MAX_UNITS).trim() || '-';
}

/** The stand-in where no model is named: fitted to the collection's documents, knows nothing else. */
export function createFittedEmbedder(texts: readonly string[], random: () => number): Embedder {
  const model = LatentSemanticModel.fit(texts, random);
  return {
    name: `latent-semantic-${model.dimensions}, fitted to the collection, not trained`,
    embed: async (queries) => queries.map((text) => model.embed(text)),
  };
}
