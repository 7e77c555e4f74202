import { randomUUID } from 'node:crypto';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { REQUEST_ID_HEADER } from '@parley/contracts';
import { answerError, answerNotFound } from './error-handler.ts';
import { answerUnreadable } from './malformed-requests.ts';
import { watchUnusedConnections } from './unused-connections.ts';
import { LazyChildLogger } from './lazy-child-logger.ts';
import { VERSION } from './version.ts';

/** How often connections that fell idle are looked for while a service closes. */
const CLOSE_IDLE_INTERVAL_MS = 20;

/** For a request to arrive whole, body included; what is answered to it has no such limit. */
const REQUEST_TIMEOUT_MS = 300_000;

/** Names of models and the like stand in paths; the longest have 256 letters. */
const LONGEST_PARAM = 1024;

export interface ServiceOptions {
  /** Shown by `/health` and in the log: `controller`, `gateway`, `worker`, `server`. */
  name: string;
  logger: FastifyBaseLogger;
  /** Largest body in bytes; a larger one is answered with 413. */
  bodyLimit: number;
  /**
   * Whether requests on connections that were open before are still answered while it closes, as the
   * last ones there; 503 when left out.
   */
  answersWhileClosing?: boolean;
}

/**
 * A Fastify app with what every service of Parley shares: request ids, the error table, one log
 * line per request, `GET /health`. It does not listen; whoever builds it closes it.
 */
export function buildService(options: ServiceOptions): FastifyInstance {
  const { name, logger, bodyLimit, answersWhileClosing = false } = options;
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    childLoggerFactory: (parent, bindings) => new LazyChildLogger(parent, bindings),
    routerOptions: { maxParamLength: LONGEST_PARAM },
    requestIdHeader: false,
    genReqId: (request) => acceptedRequestId(request.headers[REQUEST_ID_HEADER]) ?? randomUUID(),
    // A stream that is open when the service stops is ended by its owner, not cut by Fastify.
    forceCloseConnections: 'idle',
    return503OnClosing: !answersWhileClosing,
    // Node's own limit, which Fastify lifts: a body that trickles in does not hold its connection for ever.
    requestTimeout: REQUEST_TIMEOUT_MS,
    frameworkErrors: answerError,
    clientErrorHandler: answerUnreadable,
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  // Hooks in callback form: an async one costs every request of the gateway a promise.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
  if (logger.level === 'debug') app.addHook('onResponse', logAnswer);
  closeIdleConnectionsWhileClosing(app);
  app.get('/health', () => ({ status: 'ok', service: name, version: VERSION }));
  return app;
}

function logAnswer(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { url: route } = request.routeOptions;
  const facts = { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
  request.log.debug(facts, 'request answered');
  done();
}

// Fastify drops idle connections as the close begins; one whose stream ends later would hold the
// close back for its whole keep-alive time.
function closeIdleConnectionsWhileClosing(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  const closeUnused = watchUnusedConnections(app.server);
  app.addHook('preClose', (done) => {
    timer = setInterval(() => {
      app.server.closeIdleConnections();
      closeUnused();
    }, CLOSE_IDLE_INTERVAL_MS);
    done();
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
}

// A foreign id is taken only if it is harmless in a log line and a header.
function acceptedRequestId(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : null;
}
