import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { embeddingRequestSchema, rerankRequestSchema } from '@parley/contracts';

/** Words that mean the same to the fakes: what makes them find what words alone do not. */
const MEANINGS: Record<string, string> = { feline: 'cat', kitten: 'cat', automobile: 'car', vehicle: 'car' };

/**
 * FAKE embedding and reranking models. A vector is the text's words, hashed; words of one meaning
 * are one word. `embed-32` and `embed-64` answer as many numbers; a rerank score is the share of the
 * question's words. Each model can be told to fail.
 */
export class FakeTextModels {
  /** Texts embedded so far, by model. */
  readonly embedded = new Map<string, string[]>();
  /** Models that answer 502. */
  readonly failing = new Set<string>();

  /** Whether the request was for it; then it is answered. */
  answer(path: string, body: unknown, response: ServerResponse): boolean {
    const answers = { '/v1/embeddings': () => this.#embed(body), '/v1/rerank': () => rerank(body) };
    const answerOf = answers[path as keyof typeof answers];
    if (!answerOf) return false;
    const { model = '' } = body as { model?: string };
    const isFailing = this.failing.has(model);
    const error = { message: 'The provider of the model failed.', type: 'server_error', code: 'provider_failed' };
    response.writeHead(isFailing ? 502 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isFailing ? { error } : answerOf()));
    return true;
  }

  #embed(body: unknown) {
    const { model, input } = embeddingRequestSchema.parse(body);
    const texts = typeof input === 'string' ? [input] : input;
    this.embedded.set(model, [...(this.embedded.get(model) ?? []), ...texts]);
    const dimensions = Number(model.split('-').at(-1));
    const data = texts.map((text, index) => ({ index, embedding: toVector(text, dimensions) }));
    return { object: 'list', model, data };
  }
}

function rerank(body: unknown) {
  const { query, documents } = rerankRequestSchema.parse(body);
  const asked = wordsOf(query);
  const shareOf = (text: string) => {
    const words = new Set(wordsOf(text));
    return asked.filter((word) => words.has(word)).length / Math.max(1, asked.length);
  };
  return { results: documents.map((text, index) => ({ index, relevance_score: shareOf(text) })) };
}

function toVector(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0.001);
  for (const word of wordsOf(text)) {
    const place = Number.parseInt(hash('sha256', word).slice(0, 8), 16) % dimensions;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  return vector;
}

function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]{3,}|\p{Script=Han}/gu) ?? [];
  return words.map((word) => MEANINGS[word] ?? word);
}
