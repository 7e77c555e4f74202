import type { ChatCompletionRequest } from '@parley/contracts';
import type { OpenaiCompatibleModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { askVendor } from '../online/ask-vendor.ts';
import { fromOpenaiRefusal } from '../online/from-openai-refusal.ts';
import { createVendorAgent } from '../online/create-vendor-agent.ts';
import { fromVendorChunk, toFinishReason } from '../online/from-vendor-chunk.ts';
import { streamVendorEvents } from '../online/stream-vendor-events.ts';
import { createTextCalls } from '../online/text-calls.ts';
import { translateRefusals } from '../online/translate-refusals.ts';
import { toOpenaiRequest } from './to-openai-request.ts';
import { SAFE_BATCH, SAFE_RANKED, SAFE_TOKENS, toEmbeddingFields, toRerankFields } from './to-openai-texts.ts';

/**
 * Any server that speaks OpenAI's chat completions and embeddings, or Jina's reranking, which vLLM and
 * SiliconFlow share: OpenAI, DeepSeek, vLLM, llama.cpp, Ollama, …
 */
export function createOpenaiCompatibleEngine(model: OpenaiCompatibleModel, { now, logger }: EngineTools): Engine {
  const upstream = { host: new URL(model.base_url).host, model: model.upstream_model ?? model.name };
  const toError = translateRefusals({ toError: fromOpenaiRefusal, upstream, apiKey: model.api_key, logger });
  const agent = createVendorAgent();
  const headers = { ...(model.api_key !== null && { authorization: `Bearer ${model.api_key}` }), ...model.headers };
  const shared = { silenceLimitMs: model.silence_limit_ms, toError, agent, now };
  const limitsOf = (texts: number) => ({ texts: model.batch_size ?? texts, tokens: SAFE_TOKENS });
  return {
    async *generate(request: ChatCompletionRequest, signal) {
      const chunks = streamVendorEvents({
        ...shared,
        url: `${model.base_url}/chat/completions`,
        headers: { accept: 'text/event-stream', ...headers },
        body: toOpenaiRequest(request, upstream.model),
        signal,
      });
      for await (const chunk of chunks) yield* fromVendorChunk(chunk, toFinishReason);
    },
    ...createTextCalls({
      model: upstream.model,
      post: (path, body, signal) => askVendor({ ...shared, url: model.base_url + path, headers, body, signal }),
      embedding: { limits: limitsOf(SAFE_BATCH), toFields: toEmbeddingFields },
      reranking: { limits: limitsOf(SAFE_RANKED), toFields: toRerankFields },
    }),
    close: async () => agent.destroy(),
  };
}
