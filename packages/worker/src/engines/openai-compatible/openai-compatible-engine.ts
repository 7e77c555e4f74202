import type { ChatCompletionRequest } from '@parley/contracts';
import type { OpenaiCompatibleModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { fromOpenaiRefusal } from '../online/from-openai-refusal.ts';
import { createVendorAgent } from '../online/create-vendor-agent.ts';
import { fromVendorChunk, toFinishReason } from '../online/from-vendor-chunk.ts';
import { streamVendorEvents } from '../online/stream-vendor-events.ts';
import { translateRefusals } from '../online/translate-refusals.ts';
import { toOpenaiRequest } from './to-openai-request.ts';

/** Any server that speaks OpenAI's chat completions: OpenAI, DeepSeek, vLLM, llama.cpp, Ollama, … */
export function createOpenaiCompatibleEngine(model: OpenaiCompatibleModel, { now, logger }: EngineTools): Engine {
  const upstream = { host: new URL(model.base_url).host, model: model.upstream_model ?? model.name };
  const toError = translateRefusals({ toError: fromOpenaiRefusal, upstream, apiKey: model.api_key, logger });
  const agent = createVendorAgent();
  const authorization = model.api_key === null ? {} : { authorization: `Bearer ${model.api_key}` };
  return {
    async *generate(request: ChatCompletionRequest, signal) {
      const chunks = streamVendorEvents({
        url: `${model.base_url}/chat/completions`,
        headers: { accept: 'text/event-stream', ...authorization, ...model.headers },
        body: toOpenaiRequest(request, upstream.model),
        silenceLimitMs: model.silence_limit_ms,
        toError,
        signal,
        agent,
        now,
      });
      for await (const chunk of chunks) yield* fromVendorChunk(chunk, toFinishReason);
    },
    close: async () => agent.destroy(),
  };
}
