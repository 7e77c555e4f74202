import { embeddingRequestSchema, rerankRequestSchema } from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { checkTextLength, parseJson } from './read-body.ts';

/** Checks an embedding request; answers the model that it asks for. Throws what the caller has to hear. */
export function readEmbeddingModel(body: Buffer): string {
  const { model, input } = parseBody(embeddingRequestSchema, parseJson(body));
  checkTextLength(body, 'input', () => lengthOf([input].flat()));
  return model;
}

/** The same of a reranking request. */
export function readRerankModel(body: Buffer): string {
  const { model, query, documents } = parseBody(rerankRequestSchema, parseJson(body));
  checkTextLength(body, 'documents', () => query.length + lengthOf(documents));
  return model;
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
