import { ParleyError, type EmbeddingRequest, type RerankRequest } from '@parley/contracts';
import type { EmbeddedTexts, Engine, RankedTexts, TextUsage } from '../../engine.ts';
import { toBatches, type BatchLimits } from './batches.ts';
import { fromVendorRanking } from './from-vendor-ranking.ts';
import { fromVendorVectors } from './from-vendor-vectors.ts';

/** How a provider is asked for vectors; its refusals are errors of the table by then. */
export interface EmbeddingVendor {
  /** The provider's name of the model. */
  model: string;
  post: (path: '/embeddings' | '/rerank', request: { body: TextBody; signal: AbortSignal }) => Promise<unknown>;
  embedding: { limits: BatchLimits; toFields: (request: EmbeddingRequest) => Record<string, unknown> };
}

/** And for rankings, too. */
export interface TextVendor extends EmbeddingVendor {
  reranking: { limits: BatchLimits; toFields: (request: RerankRequest) => Record<string, unknown> };
  /** What of a text to be ranked is sent; all of it when left out. */
  toRankable?: (text: string) => string;
}

/** Fields in the provider's words, and the texts of this request. */
export type TextBody = Record<string, unknown> & { model: string; input?: string[]; documents?: string[] };

/**
 * `embed` and `rerank` over a provider's API. More texts than it takes at once go in several
 * requests, one after the other: whoever is in a hurry sends several requests here.
 */
export function createTextCalls(vendor: TextVendor): Required<Pick<Engine, 'embed' | 'rerank'>> {
  return {
    embed: (request, signal) => embed(vendor, request, signal),
    rerank: (request, signal) => rerank(vendor, request, signal),
  };
}

/** As `Engine.embed`: the vectors of all texts, in as many requests as the provider needs. */
export async function embed(
  vendor: EmbeddingVendor,
  request: EmbeddingRequest,
  signal: AbortSignal,
): Promise<EmbeddedTexts> {
  const { model, post, embedding } = vendor;
  const fields = embedding.toFields(request);
  const vectors: number[][] = [];
  let usage: TextUsage | null = null;
  for (const input of toBatches([request.input].flat(), embedding.limits)) {
    const body = { ...fields, model, input };
    const answer = fromVendorVectors(await post('/embeddings', { body, signal }), input.length);
    vectors.push(...answer.vectors);
    usage = addUsage(usage, answer.usage);
  }
  checkLengths(vectors, request);
  return { vectors, usage };
}

async function rerank(vendor: TextVendor, request: RerankRequest, signal: AbortSignal): Promise<RankedTexts> {
  const { model, post, reranking, toRankable = (text) => text } = vendor;
  const fields = { ...reranking.toFields(request), model, query: toRankable(request.query) };
  const results: RankedTexts['results'] = [];
  let usage: TextUsage | null = null;
  let first = 0;
  // With almost every model a text's score does not depend on the texts beside it, so scores of
  // several requests compare.
  for (const documents of toBatches(request.documents.map(toRankable), reranking.limits)) {
    const body = { ...fields, documents };
    const answer = fromVendorRanking(await post('/rerank', { body, signal }), documents.length);
    for (const result of answer.results) results.push({ ...result, index: first + result.index });
    first += documents.length;
    usage = addUsage(usage, answer.usage);
  }
  return { results: results.toSorted((one, other) => other.relevance_score - one.relevance_score), usage };
}

function checkLengths(vectors: readonly number[][], { dimensions }: EmbeddingRequest): void {
  const lengths = new Set(vectors.map(({ length }) => length));
  if (lengths.size > 1) throw new ParleyError('provider_failed', 'The provider sent embeddings of several lengths.');
  const [length] = lengths;
  if (typeof dimensions !== 'number' || length === dimensions) return;
  const message = `This model makes embeddings of ${length} numbers, not of ${dimensions}.`;
  throw new ParleyError('invalid_request', message, { param: 'dimensions' });
}

function addUsage(sum: TextUsage | null, part: TextUsage | null): TextUsage | null {
  if (part === null) return sum;
  const { prompt_tokens = 0, total_tokens = prompt_tokens } = part;
  const total = (sum?.total_tokens ?? 0) + total_tokens;
  // Some providers count only the whole; all of it is what was sent.
  return { prompt_tokens: (sum?.prompt_tokens ?? 0) + (prompt_tokens || total_tokens), total_tokens: total };
}
