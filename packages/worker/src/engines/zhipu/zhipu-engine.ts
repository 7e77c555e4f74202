import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';
import type { ZhipuModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { askVendor } from '../online/ask-vendor.ts';
import { createVendorAgent } from '../online/create-vendor-agent.ts';
import { fromVendorChunk, toFinishReason } from '../online/from-vendor-chunk.ts';
import { streamVendorEvents } from '../online/stream-vendor-events.ts';
import { createTextCalls } from '../online/text-calls.ts';
import { translateRefusals } from '../online/translate-refusals.ts';
import { fromZhipuRefusal } from './from-zhipu-refusal.ts';
import { toZhipuRequest } from './to-zhipu-request.ts';
import { embeddingLimits, rerankLimits, toEmbeddingFields, toRankable, toRerankFields } from './to-zhipu-texts.ts';
import { ZhipuTokens } from './zhipu-token.ts';

/** Zhipu's GLM, embedding and reranking models at open.bigmodel.cn. */
export function createZhipuEngine(model: ZhipuModel, { now, logger }: EngineTools): Engine {
  const upstream = { host: new URL(model.base_url).host, model: model.upstream_model ?? model.name };
  const toError = translateRefusals({ toError: fromZhipuRefusal, upstream, apiKey: model.api_key, logger });
  const agent = createVendorAgent();
  const tokens = new ZhipuTokens(model.api_key, now);
  const shared = { silenceLimitMs: model.silence_limit_ms, toError, agent, now };
  const authorize = async () => ({ authorization: `Bearer ${await tokens.get()}` });
  return {
    async *generate(request: ChatCompletionRequest, signal) {
      const chunks = streamVendorEvents({
        ...shared,
        url: `${model.base_url}/chat/completions`,
        headers: { accept: 'text/event-stream', ...(await authorize()) },
        body: toZhipuRequest(request, upstream.model),
        signal,
      });
      for await (const chunk of chunks) yield* fromVendorChunk(chunk, toZhipuFinishReason);
    },
    ...createTextCalls({
      model: upstream.model,
      post: async (path, body, signal) =>
        askVendor({ ...shared, url: model.base_url + path, headers: await authorize(), body, signal }),
      embedding: {
        limits: embeddingLimits(upstream.model, model.batch_size),
        toFields: toEmbeddingFields(upstream.model),
      },
      reranking: { limits: rerankLimits(model.batch_size), toFields: toRerankFields },
      toRankable,
    }),
    close: async () => agent.destroy(),
  };
}

function toZhipuFinishReason(reason: string): string {
  if (reason === 'sensitive') {
    throw new ParleyError('content_refused', 'Zhipu refused the content of this conversation.');
  }
  if (reason === 'network_error') {
    throw new ParleyError('provider_failed', 'Zhipu could not finish the answer. Try again in a little while.');
  }
  return reason === 'model_context_window_exceeded' ? 'length' : toFinishReason(reason);
}
