import { estimateTokens, toSearchTerms } from '@parley/text';
import type { TextAnswer, VendorAnswer, VendorRequest } from './vendor-answer.ts';

const STANDARD_DIMENSIONS = 256;
const ZHIPU_DIMENSIONS: Record<string, number> = { 'embedding-2': 1_024, 'embedding-3': 2_048 };
// docs.bigmodel.cn, text embedding and reranking.
const ZHIPU_MAX_TEXTS = { embeddings: 64, rerank: 128 };

/**
 * A fake embedding, the same for the same text at any time: each search term adds one to a place that
 * its hash names, and the whole is brought to length 1. Texts that share words are near to each
 * other, and that is all it understands.
 */
export function fakeVector(text: string, dimensions = STANDARD_DIMENSIONS): number[] {
  const vector = Array.from<number>({ length: dimensions }).fill(0);
  // A little in the first place, so that a text without terms has a vector, too.
  vector[0] = 0.1;
  for (const term of toSearchTerms(text)) {
    const place = hashOf(term) % dimensions;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/**
 * The answer to an embedding or reranking request in the form that OpenAI, Jina and Zhipu share, or in
 * Google's own.
 */
export function answerTexts(request: VendorRequest, { missing = 0, isShuffled = false }: TextAnswer): object {
  const { model } = request.body;
  const texts = textsOf(request);
  if (request.wire === 'gemini') return embedForGemini(request, texts.slice(0, texts.length - missing));
  const items = request.door === 'rerank' ? rank(request, texts) : embed(request, texts);
  const kept = items.slice(0, items.length - missing);
  const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  if (request.door === 'rerank') return { id: 'rerank-fake', model, results: kept, usage };
  return { object: 'list', data: isShuffled ? kept.toReversed() : kept, model, usage };
}

/** What a vendor says to more texts than it takes at once; null when it takes them. */
export function refuseTooMany(request: VendorRequest, maxTexts: number | undefined): VendorAnswer | null {
  const { wire, door } = request;
  if (door !== 'embeddings' && door !== 'rerank') return null;
  const limit = maxTexts ?? (wire === 'zhipu' ? ZHIPU_MAX_TEXTS[door] : Number.POSITIVE_INFINITY);
  const count = textsOf(request).length;
  if (count <= limit) return null;
  if (wire === 'zhipu')
    return { status: 400, body: { error: { code: '1214', message: 'input 数组最大不得超过限制' } } };
  const message = `batch size ${count} > maximum allowed batch size ${limit}`;
  return { status: 422, body: { error: { message, type: 'Validation' } } };
}

interface GeminiEmbedding {
  content: { parts: { text: string }[] };
  outputDimensionality?: number;
}

// ai.google.dev/api/embeddings#method:-models.batchembedcontents
function embedForGemini({ body }: VendorRequest, texts: readonly string[]): object {
  const [first] = body['requests'] as GeminiEmbedding[];
  return { embeddings: texts.map((text) => ({ values: fakeVector(text, first?.outputDimensionality) })) };
}

function textsOf({ wire, door, body }: VendorRequest): string[] {
  if (wire === 'gemini') {
    return (body['requests'] as GeminiEmbedding[]).map(({ content }) => content.parts[0]?.text ?? '');
  }
  return [body[door === 'rerank' ? 'documents' : 'input'] as string | string[]].flat();
}

function embed({ body }: VendorRequest, texts: readonly string[]): object[] {
  const ofModel = ZHIPU_DIMENSIONS[String(body['model'])];
  const dimensions = (body['dimensions'] as number | undefined) ?? ofModel ?? STANDARD_DIMENSIONS;
  return texts.map((text, index) => ({ object: 'embedding', index, embedding: fakeVector(text, dimensions) }));
}

/** Best first: the cosine of the fake vectors of query and text. */
function rank({ body }: VendorRequest, texts: readonly string[]): object[] {
  const query = fakeVector(String(body['query']));
  const scores = texts.map((text, index) => {
    const vector = fakeVector(text);
    const relevance_score = query.reduce((sum, value, place) => sum + value * (vector[place] ?? 0), 0);
    return { index, relevance_score, ...(body['return_documents'] === true && { document: { text } }) };
  });
  return scores.toSorted((one, other) => other.relevance_score - one.relevance_score);
}

/** FNV-1a. */
function hashOf(term: string): number {
  let hash = 0x811c9dc5;
  for (const unit of term) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
