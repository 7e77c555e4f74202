import { z } from 'zod';
import { ParleyError, type EmbeddingRequest } from '@parley/contracts';
import type { EmbeddedTexts } from '../../engine.ts';
import { embed, type EmbeddingVendor, type TextBody } from '../online/text-calls.ts';
import type { VendorLink } from '../online/vendor-link.ts';

/** ai.google.dev/api/embeddings: the most texts of one batch. */
const MAX_TEXTS = 100;

const answerSchema = z.looseObject({ embeddings: z.array(z.looseObject({ values: z.unknown() })) });

/**
 * As `Engine.embed`. ai.google.dev/gemini-api/docs/embeddings: vectors of gemini-embedding-001 have length 1
 * only when they have all 3,072 numbers; shorter ones are the caller's to bring to it.
 */
export async function embedByGemini(
  vendor: EmbeddingVendor,
  request: EmbeddingRequest,
  signal: AbortSignal,
): Promise<EmbeddedTexts> {
  const { vectors, usage } = await embed(vendor, request, signal);
  return { vectors: vectors.map(toUnitLength), usage };
}

// None is of zeros only: `embed` refuses those.
function toUnitLength(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Gemini's batchEmbedContents as OpenAI's embeddings; it counts no tokens. `path` is that of the model. */
export function toEmbeddingVendor(
  link: VendorLink,
  path: string,
  batchSize: number | null | undefined,
): EmbeddingVendor {
  return {
    model: link.model,
    embedding: {
      limits: { texts: Math.min(batchSize ?? MAX_TEXTS, MAX_TEXTS), tokens: Number.POSITIVE_INFINITY },
      toFields: ({ dimensions }: EmbeddingRequest) =>
        typeof dimensions === 'number' ? { outputDimensionality: dimensions } : {},
    },
    async post(_door, { body, signal }) {
      const answer = await link.post(`/${path}:batchEmbedContents`, { body: toBatch(body, path), signal });
      const parsed = answerSchema.safeParse(answer);
      if (parsed.success) return { data: parsed.data.embeddings.map(({ values }) => ({ embedding: values })) };
      throw new ParleyError('provider_failed', 'The provider sent something that holds no embeddings.', {
        cause: parsed.error,
      });
    },
  };
}

function toBatch({ input = [], model: _model, ...fields }: TextBody, path: string): Record<string, unknown> {
  return { requests: input.map((text) => ({ model: path, content: { parts: [{ text }] }, ...fields })) };
}
