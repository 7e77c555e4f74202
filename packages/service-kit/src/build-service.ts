import { randomUUID } from 'node:crypto';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { REQUEST_ID_HEADER } from '@parley/contracts';
import { answerError, answerNotFound } from './error-handler.ts';
import { VERSION } from './version.ts';

export interface ServiceOptions {
  /** Shown by `/health` and in the log: `controller`, `gateway`, `worker`, `server`. */
  name: string;
  logger: FastifyBaseLogger;
  /** Largest body in bytes; a larger one is answered with 413. */
  bodyLimit: number;
}

/**
 * A Fastify app with what every service of Parley shares: request ids, the error table, one log
 * line per request, `GET /health`. It does not listen; whoever builds it closes it.
 */
export function buildService({ name, logger, bodyLimit }: ServiceOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    requestIdHeader: false,
    genReqId: (request) => acceptedRequestId(request.headers[REQUEST_ID_HEADER]) ?? randomUUID(),
    // A stream that is open when the service stops is ended by its owner, not cut by Fastify.
    forceCloseConnections: 'idle',
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onRequest', async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
  });
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onResponse', async (request, reply) => {
    // Fastify drops idle connections as the close begins; one whose stream ends later would hold
    // the close back for its whole keep-alive time.
    if (isClosing) app.server.closeIdleConnections();
    const facts = {
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    request.log.debug(facts, 'request answered');
  });
  app.get('/health', () => ({ status: 'ok', service: name, version: VERSION }));
  return app;
}

// A foreign id is taken only if it is harmless in a log line and a header.
function acceptedRequestId(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : null;
}
