import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { ParleyError } from '@parley/contracts';
import { bearerToken, buildService, isSameSecret } from '@parley/service-kit';
import { addLeaseRoutes } from './lease.routes.ts';
import { addWorkerRoutes, type WorkerRouteParts } from './worker.routes.ts';

const BODY_LIMIT = 1024 * 1024;
const OPEN_ROUTES = new Set<string | undefined>(['/health', '/test_connection']);

interface ControllerParts extends WorkerRouteParts {
  secret: string;
  logger: FastifyBaseLogger;
}

/** The controller's HTTP side; it does not listen. */
export function buildController(parts: ControllerParts): FastifyInstance {
  const app = buildService({ name: 'controller', logger: parts.logger, bodyLimit: BODY_LIMIT });
  app.addHook('onRequest', async (request) => {
    if (OPEN_ROUTES.has(request.routeOptions.url)) return;
    const token = bearerToken(request.headers.authorization);
    if (token !== null && isSameSecret(token, parts.secret)) return;
    throw new ParleyError('invalid_api_key', "The controller asks for this installation's secret as a bearer token.");
  });
  addWorkerRoutes(app, parts);
  addLeaseRoutes(app, parts.dispatcher);
  return app;
}
