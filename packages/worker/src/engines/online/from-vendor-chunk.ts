import { z } from 'zod';
import { finishReasonSchema, ParleyError, usageSchema } from '@parley/contracts';
import type { EngineChunk } from '../../engine.ts';
import { vendorDeltaSchema } from './from-vendor-delta.ts';

// Read more loosely than our own wire: vendors send null for an empty list, and usage in forms of their own.
const vendorChunkSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.number().int().nonnegative().nullish(),
        delta: vendorDeltaSchema.nullish(),
        finish_reason: z.string().nullish(),
        logprobs: z.unknown().optional(),
      }),
    )
    .nullish(),
  usage: usageSchema.nullish().catch(null),
});
type VendorChunk = z.infer<typeof vendorChunkSchema>;

/** OpenAI's stream, and that of everyone who followed. */
export const CHUNKS = { schema: vendorChunkSchema };

/** A chunk of a provider as what it adds; `translate` knows the provider's words for the end. */
export function* fromVendorChunk(
  chunk: VendorChunk,
  translate: (finishReason: string) => string,
): Generator<EngineChunk> {
  for (const { index, delta, finish_reason, logprobs } of chunk.choices ?? []) {
    yield {
      index: index ?? 0,
      delta: delta ?? {},
      finish_reason: finish_reason ? translate(finish_reason) : null,
      usage: null,
      ...(logprobs !== undefined && { logprobs }),
    };
  }
  if (chunk.usage) yield { index: 0, delta: {}, finish_reason: null, usage: chunk.usage };
}

// vLLM and SGLang say `abort` when they drop a request; OpenRouter `error`; DeepSeek the third.
const FAILURES = new Set(['abort', 'error', 'insufficient_system_resource']);

/** OpenAI's finish reasons as they are; an end that was none is an error; an unknown word is a plain end. */
export function toFinishReason(reason: string): string {
  if (FAILURES.has(reason)) {
    throw new ParleyError('provider_failed', 'The provider gave the answer up before its end.', { cause: reason });
  }
  return finishReasonSchema.safeParse(reason).success ? reason : 'stop';
}
