import { z } from 'zod';
import { ParleyError, type EmbeddingRequest } from '@parley/contracts';
import type { EmbeddingVendor, TextBody } from '../online/text-calls.ts';
import type { VendorLink } from '../online/vendor-link.ts';

/** ai.google.dev/api/embeddings: the most texts of one batch. */
const MAX_TEXTS = 100;

const answerSchema = z.looseObject({ embeddings: z.array(z.looseObject({ values: z.unknown() })) });

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
