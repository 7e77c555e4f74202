import { randomUUID } from 'node:crypto';
import type { GeminiModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { createVendorLink } from '../online/vendor-link.ts';
import { GEMINI_CHUNKS, GeminiAnswer } from './from-gemini-chunks.ts';
import { fromGeminiRefusal } from './from-gemini-refusal.ts';
import { embedByGemini, toEmbeddingVendor } from './gemini-embeddings.ts';
import { listGeminiModels } from './list-gemini-models.ts';
import { toGeminiRequest } from './to-gemini-request.ts';

/** Google's Gemini models, over the Gemini API. `newId` names tool calls that come without an id. */
export function createGeminiEngine(
  model: GeminiModel,
  { now, logger }: EngineTools,
  { newId = randomUUID }: { newId?: () => string } = {},
): Engine {
  const headers = () => ({ 'x-goog-api-key': model.api_key });
  const link = createVendorLink({ model, headers, toError: fromGeminiRefusal, logger, now });
  const path = toPath(link.model);
  const embeddings = toEmbeddingVendor(link, path, model.batch_size);
  return {
    async *generate(request, signal) {
      const body = toGeminiRequest(request, link.model);
      const answer = new GeminiAnswer(newId);
      const chunks = link.stream(`/${path}:streamGenerateContent?alt=sse`, { body, signal }, GEMINI_CHUNKS);
      for await (const chunk of chunks) yield* answer.read(chunk);
    },
    embed: (request, signal) => embedByGemini(embeddings, request, signal),
    listModels: (signal) => listGeminiModels((page) => link.get(page, signal)),
    close: link.close,
  };
}

// `gemini-3.8-flash` is `models/gemini-3.8-flash`; a tuned model's name says its own kind.
function toPath(model: string): string {
  const segments = model.includes('/') ? model.split('/') : ['models', model];
  return segments.map(encodeURIComponent).join('/');
}
