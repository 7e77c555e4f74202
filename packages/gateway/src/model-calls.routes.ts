import type { FastifyInstance, FastifyReply } from 'fastify';
import { ParleyError, type ChatMessage } from '@parley/contracts';
import type { Access } from './access.ts';
import type { LeaseClient } from './leases/lease-client.ts';
import { promptPrefixes } from './leases/prompt-prefixes.ts';
import { readCompletion } from './read-completion.ts';
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
  leases: Pick<LeaseClient, 'hasSeveralWorkers'>;
  now: () => number;
}

/** What of a body is needed here; the rest is the worker's. */
interface CallFacts {
  model: string;
  messages?: readonly ChatMessage[];
  reportsQueue?: boolean;
}

/** What can be asked of a model: its path, here and at the worker, and how its body is checked and read. */
const CALLS: readonly { path: ModelPath; read: (body: Buffer) => CallFacts }[] = [
  { path: '/v1/chat/completions', read: readCompletion },
  { path: '/v1/embeddings', read: (body) => ({ model: readEmbeddingModel(body) }) },
  { path: '/v1/rerank', read: (body) => ({ model: readRerankModel(body) }) },
];

/**
 * `POST /v1/chat/completions`, streamed and not, `/v1/embeddings` and `/v1/rerank`: the request is
 * checked, its bytes go on as they came.
 */
export function addModelCallRoutes(app: FastifyInstance, { access, relay, leases, now }: ModelCallParts): void {
  // Fastify's own parsers would parse the body and drop the bytes; other media types answer 415.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  for (const { path, read } of CALLS) {
    app.post(path, async (request, reply) => {
      const startedAt = now();
      const caller = access(request);
      const { body } = request;
      if (!Buffer.isBuffer(body)) throw new ParleyError('invalid_request', 'The request has no body.');
      const { model, messages = [], reportsQueue = false } = read(body);
      // Only where there is a choice; the hashes would cost every request a little.
      const prefixes = leases.hasSeveralWorkers(model) ? promptPrefixes(messages) : [];
      const answer = await relay.run({ ...caller, model, prefixes, reportsQueue, path, body }, reply);
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
