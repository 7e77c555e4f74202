import {
  chatCompletionChunkSchema,
  errorBodySchema,
  ParleyError,
  type ChatCompletionChunk,
  type ChatCompletionRequest,
} from '@parley/contracts';
import type { StreamCompletion } from '@parley/rag';
import { callHttp, readEventStream, readJson } from '@parley/service-kit';

/**
 * The running system's gateway as the way to the models, called with the installation's secret. The
 * stream throws `ParleyError`; that it ended as it should, the chain finds out.
 */
export function createGatewayCompletion(baseUrl: string, secret: string): StreamCompletion {
  return async function* complete(request, signal) {
    const answer = await callHttp(
      {
        url: `${baseUrl}/v1/chat/completions`,
        body: request satisfies ChatCompletionRequest,
        headers: { authorization: `Bearer ${secret}` },
        signal,
        // The gateway has clocks of its own, and a cold model may take minutes to its first word.
        headersTimeoutMs: 0,
      },
      'gateway_unreachable',
    );
    if (answer.status >= 400) throw ParleyError.fromBody(await readJson(answer), 'gateway_unreachable');
    yield* readChunks(answer.body);
  };
}

async function* readChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<ChatCompletionChunk> {
  try {
    for await (const { data } of readEventStream(body)) {
      if (data === '[DONE]') return;
      yield toChunk(data);
    }
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    throw new ParleyError('stream_interrupted', 'The answer broke off before it was complete.', { cause: error });
  }
}

function toChunk(data: string): ChatCompletionChunk {
  const json: unknown = JSON.parse(data);
  if (errorBodySchema.safeParse(json).success) throw ParleyError.fromBody(json, 'stream_interrupted');
  return chatCompletionChunkSchema.parse(json);
}
