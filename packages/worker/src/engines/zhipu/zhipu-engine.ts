import type { ZhipuModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { createTextCalls } from '../online/text-calls.ts';
import { createVendorLink } from '../online/vendor-link.ts';
import { fromZhipuChunk, ZHIPU_CHUNKS } from './from-zhipu-chunk.ts';
import { fromZhipuRefusal } from './from-zhipu-refusal.ts';
import { toZhipuRequest } from './to-zhipu-request.ts';
import { embeddingLimits, rerankLimits, toEmbeddingFields, toRankable, toRerankFields } from './to-zhipu-texts.ts';
import { ZhipuTokens } from './zhipu-token.ts';

/** Zhipu's GLM, embedding and reranking models at open.bigmodel.cn, which documents no list of them. */
export function createZhipuEngine(model: ZhipuModel, { now, logger }: EngineTools): Engine {
  const tokens = new ZhipuTokens(model.api_key, now);
  const headers = async () => ({ authorization: `Bearer ${await tokens.get()}` });
  const link = createVendorLink({ model, headers, toError: fromZhipuRefusal, logger, now });
  return {
    async *generate(request, signal) {
      const body = toZhipuRequest(request, link.model);
      for await (const chunk of link.stream('/chat/completions', { body, signal }, ZHIPU_CHUNKS)) {
        yield* fromZhipuChunk(chunk);
      }
    },
    ...createTextCalls({
      model: link.model,
      post: link.post,
      embedding: { limits: embeddingLimits(link.model, model.batch_size), toFields: toEmbeddingFields(link.model) },
      reranking: { limits: rerankLimits(model.batch_size), toFields: toRerankFields },
      toRankable,
    }),
    close: link.close,
  };
}
