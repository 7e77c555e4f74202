import { PassThrough, Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { readerGone } from '@parley/service-kit';
import { forwardedPath } from './forwarded-path.ts';
import type { Forwarder } from './forwarder.ts';

interface ForwardRouteParts {
  forwarder: Forwarder;
  /** The credential to ask the application server with; throws when the caller may not. */
  credentialOf: (request: FastifyRequest) => string;
}

const PATHS = ['/v1/files', '/v1/files/*', '/v1/vector_stores', '/v1/vector_stores/*'];
const METHODS: Dispatcher.HttpMethod[] = ['GET', 'POST', 'DELETE'];

/** What of the application server's headers concerns the caller; the request id is the gateway's own. */
const PASSED_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'content-security-policy',
  'accept-ranges',
  'cache-control',
  'etag',
  'retry-after',
  'x-content-type-options',
];

/** OpenAI's files and vector stores, answered by the application server, which has the documents. */
export function addForwardRoutes(app: FastifyInstance, { forwarder, credentialOf }: ForwardRouteParts): void {
  app.register(async (scope) => {
    // Bodies of every kind, uploads of hundreds of megabytes among them, go on as they come.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const url of PATHS) {
      scope.route({ method: METHODS, url, handler: (request, reply) => forward(request, reply) });
    }
  });

  async function forward(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const answer = await forwarder.send(
      {
        method: request.method,
        path: forwardedPath(request.raw.url ?? ''),
        credential: credentialOf(request),
        requestId: request.id,
        headers: request.headers,
        body: request.body instanceof Readable ? toOwnStream(request.body) : null,
      },
      readerGone(reply),
    );
    for (const name of PASSED_HEADERS) {
      const value = answer.headers[name];
      if (value !== undefined) reply.header(name, value);
    }
    return reply.code(answer.statusCode).send(answer.body);
  }
}

/**
 * The body as a stream of its own, which an early answer may end: what the caller still says is then
 * read and forgotten, since most clients listen only once they have said all.
 */
function toOwnStream(body: Readable): Readable {
  const own = body.pipe(new PassThrough());
  own.once('close', () => body.resume());
  return own;
}
