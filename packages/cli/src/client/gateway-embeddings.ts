import { embeddingListSchema, ParleyError } from '@parley/contracts';
import type { EmbedTextsOptions } from '@parley/rag';
import { callHttp, readJson } from '@parley/service-kit';

/** The running system's gateway as the way to the models that turn texts into vectors. */
export function createGatewayEmbed(baseUrl: string, secret: string): EmbedTextsOptions['embed'] {
  return async (request, signal) => {
    const answer = await callHttp(
      {
        url: `${baseUrl}/v1/embeddings`,
        body: request,
        headers: { authorization: `Bearer ${secret}` },
        signal,
        // The gateway has clocks of its own, and waits for a worker that is being started.
        headersTimeoutMs: 0,
      },
      'gateway_unreachable',
    );
    const body = await readBody(answer, signal);
    if (answer.status >= 400) throw ParleyError.fromBody(body, 'gateway_unreachable');
    const parsed = embeddingListSchema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new ParleyError('embedding_failed', 'The embedding model sent no vectors.', { cause: parsed.error });
  };
}

async function readBody(answer: Parameters<typeof readJson>[0], signal: AbortSignal): Promise<unknown> {
  try {
    return await readJson(answer);
  } catch (cause) {
    if (signal.aborted) throw new ParleyError('request_aborted', 'The request was aborted.', { cause });
    throw new ParleyError('embedding_failed', 'The vectors broke off before they were complete.', { cause });
  }
}
