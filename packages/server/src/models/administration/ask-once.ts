import { embeddingListSchema, ParleyError, rerankResultSchema, type ModelPurpose } from '@parley/contracts';
import type { WorkerClient } from '../hosting/worker-client.ts';

export interface AskedWorker {
  address: string;
  /** The worker's name of its model. */
  model: string;
  limitMs: number;
  signal: AbortSignal;
}

/** Some models that think refuse a bound that ends their thinking; they are asked again with more room. */
const ROOM = [1, 256];

/**
 * The least that a model can be asked: a token, a vector, or a ranking of two texts. Answers what came
 * back in words; throws what its worker says.
 */
export async function askOnce(worker: WorkerClient, purpose: ModelPurpose, asked: AskedWorker): Promise<string> {
  if (purpose === 'embedding') return embedOnce(worker, asked);
  if (purpose === 'rerank') return rankOnce(worker, asked);
  return chatOnce(worker, asked);
}

async function chatOnce(worker: WorkerClient, { model, ...call }: AskedWorker): Promise<string> {
  const messages = [{ role: 'user', content: 'Hi' }];
  for (const tokens of ROOM) {
    const body = { model, messages, max_tokens: tokens };
    try {
      await worker.askJson({ ...call, path: '/v1/chat/completions', body });
      return 'It answered.';
    } catch (error) {
      const isAboutRoom =
        error instanceof ParleyError && error.code === 'invalid_request' && /tokens/i.test(error.message);
      if (!isAboutRoom || tokens === ROOM.at(-1)) throw error;
    }
  }
  throw new RangeError('The last attempt answers or throws.');
}

async function embedOnce(worker: WorkerClient, { model, ...call }: AskedWorker): Promise<string> {
  const body = { model, input: ['Hello'], encoding_format: 'float' };
  const parsed = embeddingListSchema.safeParse(await worker.askJson({ ...call, path: '/v1/embeddings', body }));
  const [vector] = parsed.data?.data ?? [];
  if (!vector) throw new ParleyError('embedding_failed', 'The embedding model sent no vectors.');
  return `A vector of ${vector.embedding.length} numbers.`;
}

async function rankOnce(worker: WorkerClient, { model, ...call }: AskedWorker): Promise<string> {
  const documents = ['The sky is blue.', 'Bread is baked in an oven.'];
  const body = { model, query: 'Where is bread baked?', documents };
  const parsed = rerankResultSchema.safeParse(await worker.askJson({ ...call, path: '/v1/rerank', body }));
  const best = parsed.data?.results[0];
  if (!best) throw new ParleyError('provider_failed', 'The reranking model sent no ranking.');
  return `Of two texts, "${documents[best.index]}" came first, with a score of ${best.relevance_score.toFixed(3)}.`;
}
