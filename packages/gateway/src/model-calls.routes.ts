import type { FastifyInstance, FastifyReply } from 'fastify';
import { ParleyError } from '@parley/contracts';
import type { Access } from './access.ts';
import { readCompletionModel } from './read-completion.ts';
import { readEmbeddingModel, readRerankModel } from './read-texts.ts';
import type { ModelPath, Relay } from './relay/relay.ts';
import type { WholeAnswer } from './relay/worker-exchange.ts';

/** What of a worker's headers concerns its caller. */
const PASSED_HEADERS = ['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry'] as const;

/** Answers up to this size are joined with their head; larger ones are not worth a copy. */
const MAX_JOINED_BYTES = 64 * 1024;

interface ModelCallParts {
  access: Access;
  relay: Relay;
  now: () => number;
}

/** What can be asked of a model: its path, here and at the worker, and how to find in its body which model is asked. */
const CALLS: readonly { path: ModelPath; readModel: (body: Buffer) => string }[] = [
  { path: '/v1/chat/completions', readModel: readCompletionModel },
  { path: '/v1/embeddings', readModel: readEmbeddingModel },
  { path: '/v1/rerank', readModel: readRerankModel },
];

/**
 * `POST /v1/chat/completions`, streamed and not, `/v1/embeddings` and `/v1/rerank`: the request is
 * checked, its bytes go on as they came.
 */
export function addModelCallRoutes(app: FastifyInstance, { access, relay, now }: ModelCallParts): void {
  // Fastify's own parsers would parse the body and drop the bytes; other media types answer 415.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  for (const { path, readModel } of CALLS) {
    app.post(path, async (request, reply) => {
      const startedAt = now();
      const caller = access(request);
      const { body } = request;
      if (!Buffer.isBuffer(body)) throw new ParleyError('invalid_request', 'The request has no body.');
      const answer = await relay.run({ ...caller, model: readModel(body), path, body }, reply);
      if (answer === null) return reply;
      reply.header('openai-processing-ms', Math.round(now() - startedAt));
      return sendWhole(reply, answer);
    });
  }
}

function sendWhole(reply: FastifyReply, { status, headers, body }: WholeAnswer): FastifyReply {
  for (const name of PASSED_HEADERS) {
    const value = headers[name];
    if (value !== undefined) reply.header(name, value);
  }
  reply.header('content-length', body.length);
  reply.hijack();
  reply.raw.writeHead(status, reply.getHeaders() as Record<string, string>);
  // As Latin-1, which keeps every byte: Node then writes head and body at once, where a buffer would
  // be a second write. That is a tenth of what a request costs here.
  if (body.length <= MAX_JOINED_BYTES) reply.raw.end(body.toString('latin1'), 'latin1');
  else reply.raw.end(body);
  return reply;
}
