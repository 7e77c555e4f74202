import { z } from 'zod';
import {
  embeddingListSchema,
  ParleyError,
  rerankResultSchema,
  type EmbeddingList,
  type RerankResult,
} from '@parley/contracts';

const BYTES_OF_NUMBER = 4;

// Base64 is what the gateway is asked for; a worker that does not know it answers numbers. They are
// looked at one by one only where they are used: a schema for each would hold up the event loop.
const embeddingSchema = z.union([z.string(), z.custom<number[]>(Array.isArray)]);
const wireListSchema = embeddingListSchema.extend({
  data: z.array(z.looseObject({ index: z.number().int().nonnegative(), embedding: embeddingSchema })),
});

/** Reads `/v1/embeddings`, in the order of the input. Throws `embedding_failed` when it is no list of vectors. */
export function readEmbeddings(body: unknown): EmbeddingList {
  const parsed = wireListSchema.safeParse(body);
  if (!parsed.success) throw unreadable('The embedding model sent no vectors.', parsed.error);
  const data = parsed.data.data.map((item) => ({ ...item, embedding: toNumbers(item.embedding) }));
  return { ...parsed.data, data: data.toSorted((one, other) => one.index - other.index) };
}

/** Reads `/v1/rerank`. Throws `provider_failed` when it is no ranking. */
export function readRanking(body: unknown): RerankResult {
  const parsed = rerankResultSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ParleyError('provider_failed', 'The reranking model sent no ranking.', { cause: parsed.error });
}

/** Base64 of little-endian 32-bit floats, OpenAI's short form of a vector. */
function toNumbers(embedding: string | number[]): number[] {
  if (typeof embedding !== 'string') return embedding;
  const bytes = Buffer.from(embedding, 'base64');
  if (bytes.length === 0 || bytes.length % BYTES_OF_NUMBER !== 0) throw unreadable('A vector was cut off.');
  // A copy, because the bytes of a Buffer need not begin where a float may.
  return Array.from(new Float32Array(new Uint8Array(bytes).buffer));
}

function unreadable(message: string, cause?: unknown): ParleyError {
  return new ParleyError('embedding_failed', message, cause === undefined ? {} : { cause });
}
