import { providerNamed, vendorAt } from '@parley/contracts';
import type { OpenaiCompatibleModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { fromOpenaiRefusal } from '../online/from-openai-refusal.ts';
import { CHUNKS, fromVendorChunk, toFinishReason } from '../online/from-vendor-chunk.ts';
import { createTextCalls } from '../online/text-calls.ts';
import { createVendorLink } from '../online/vendor-link.ts';
import { fromStatusRefusal, toErrorForm } from './body-status.ts';
import { fromOpenaiModels } from './list-openai-models.ts';
import { toOpenaiRequest } from './to-openai-request.ts';
import { SAFE_BATCH, SAFE_RANKED, SAFE_TOKENS, toEmbeddingFields, toRerankFields } from './to-openai-texts.ts';
import { ToolCallNumbers } from './tool-call-numbers.ts';

/**
 * Any server that speaks OpenAI's chat completions and embeddings, or Jina's reranking, which vLLM and
 * SiliconFlow share: OpenAI, DeepSeek, vLLM, llama.cpp, Ollama, …
 */
export function createOpenaiCompatibleEngine(model: OpenaiCompatibleModel, { now, logger }: EngineTools): Engine {
  // Who names the address of a vendor alone wants to be understood there, too.
  const provider = (model.provider ? providerNamed(model.provider) : vendorAt(model.base_url)) ?? null;
  const { modelsPath = '/models', maxEmbeddingTexts = Number.POSITIVE_INFINITY, bodyStatus } = provider?.quirks ?? {};
  const headers = { ...(model.api_key !== null && { authorization: `Bearer ${model.api_key}` }), ...model.headers };
  const refusals = bodyStatus
    ? { toError: fromStatusRefusal(bodyStatus), toErrorForm: toErrorForm(bodyStatus) }
    : { toError: fromOpenaiRefusal };
  const link = createVendorLink({ model, headers: () => headers, ...refusals, logger, now });
  return {
    async *generate(request, signal) {
      const body = toOpenaiRequest(request, { model: link.model, provider });
      const chunks = link.stream('/chat/completions', { body, signal }, CHUNKS);
      const calls = new ToolCallNumbers();
      for await (const chunk of chunks) {
        for (const part of fromVendorChunk(chunk, toFinishReason)) yield calls.number(part);
      }
    },
    ...createTextCalls({
      model: link.model,
      post: link.post,
      embedding: {
        limits: { texts: Math.min(model.batch_size ?? SAFE_BATCH, maxEmbeddingTexts), tokens: SAFE_TOKENS },
        toFields: toEmbeddingFields,
      },
      reranking: { limits: { texts: model.batch_size ?? SAFE_RANKED, tokens: SAFE_TOKENS }, toFields: toRerankFields },
    }),
    ...(modelsPath !== null && {
      listModels: async (signal) => fromOpenaiModels(await link.get(modelsPath, signal)),
    }),
    close: link.close,
  };
}
