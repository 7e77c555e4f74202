import { z } from 'zod';
import { ParleyError } from '@parley/contracts';
import type { EngineChunk } from '../../engine.ts';
import { CHUNKS, fromVendorChunk, toFinishReason } from '../online/from-vendor-chunk.ts';

/** Zhipu's stream: OpenAI's, and what its web search found beside the choices. */
export const ZHIPU_CHUNKS = {
  schema: CHUNKS.schema.extend({ web_search: z.array(z.unknown()).nullish().catch(null) }),
};
type ZhipuChunk = z.infer<(typeof ZHIPU_CHUNKS)['schema']>;

/** As `fromVendorChunk`; what the web search found goes along in the delta. */
export function* fromZhipuChunk(chunk: ZhipuChunk): Generator<EngineChunk> {
  const { web_search: found } = chunk;
  if (found && found.length > 0) yield { index: 0, delta: { web_search: found }, finish_reason: null, usage: null };
  yield* fromVendorChunk(chunk, toZhipuFinishReason);
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
