import { ParleyError, type UpstreamModels } from '@parley/contracts';
import type { z } from 'zod';

export type UpstreamModel = UpstreamModels['models'][number];

/** More than any vendor serves; a list without an end must not fill the memory. */
export const MAX_LISTED_MODELS = 2_000;
/** Pages of a list that is asked for page by page. */
export const MAX_LIST_PAGES = 20;

/** A page of a vendor's list. Throws `provider_failed` for something else. */
export function readList<List>(schema: z.ZodType<List>, answer: unknown): List {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ParleyError('provider_failed', 'The provider sent something that is no list of models.', {
    cause: parsed.error,
  });
}

// Names as vendors give them: text-embedding-3-small, bge-m3, embo-01; whisper-1, gpt-realtime, qwen-image, …
const EMBEDDING = /embed|embo-|(^|[/-])(bge|e5|gte|bce|m3e)[-_]/i;
const RERANK = /rerank/i;
const OTHERS =
  /whisper|tts|speech|audio|transcri|voxtral|realtime|-live|davinci|babbage|moderation|guard|dall-e|image|imagen|video|veo-|sora|lyria|music|ocr|robotics|computer-use|wan\d|flux|stable-diffusion|kolors|cogview|cogvideo|orpheus/i;

/**
 * What a model is for, by its name, where the vendor does not say; null for those that make or hear
 * sounds and pictures, or judge texts, which Parley has no use for.
 */
export function guessPurpose(id: string): UpstreamModel['purpose'] {
  if (RERANK.test(id)) return 'rerank';
  if (EMBEDDING.test(id)) return 'embedding';
  return OTHERS.test(id) ? null : 'chat';
}
