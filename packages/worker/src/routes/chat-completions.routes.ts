import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { chatCompletionRequestSchema } from '@parley/contracts';
import { asParleyError, openEventStream, parseBody, readerGone } from '@parley/service-kit';
import type { WireChunk } from '../completion/chunk-shaper.ts';
import type { CompletionService } from '../completion/completion-service.ts';

/** `POST /v1/chat/completions`, streamed or whole. */
export function addChatCompletionRoutes(app: FastifyInstance, completions: CompletionService): void {
  app.post('/v1/chat/completions', async (request, reply) => {
    const body = parseBody(chatCompletionRequestSchema, request.body);
    const gone = readerGone(reply);
    if (!body.stream) return completions.complete(body, gone);
    return sendStream(request, reply, completions.stream(body, gone));
  });
}

/** Headers go out with the first chunk, so that what fails before it is answered with its own status. */
async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  chunks: AsyncGenerator<WireChunk>,
): Promise<FastifyReply> {
  const first = await chunks.next();
  const stream = openEventStream(reply);
  try {
    if (!first.done) await stream.write({ data: JSON.stringify(first.value) });
    for await (const chunk of chunks) await stream.write({ data: JSON.stringify(chunk) });
    await stream.write({ data: '[DONE]' });
  } catch (error) {
    const known = asParleyError(error);
    if (known.code !== 'request_aborted') request.log.error({ err: error, code: known.code }, 'answer broke off');
    await stream.write({ data: JSON.stringify(known.toBody()) });
  } finally {
    stream.end();
  }
  return reply;
}
