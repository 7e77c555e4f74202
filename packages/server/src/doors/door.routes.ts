import type { FastifyInstance } from 'fastify';
import { answerNotFound } from '@parley/service-kit';
import { authenticate, type AuthenticateOptions } from '../accounts/authenticate.ts';
import type { Doors } from './create-doors.ts';
import { mcpRoutes } from './mcp/mcp.routes.ts';
import { fileRoutes } from './vector-stores/files.routes.ts';
import { batchRoutes, storeFileRoutes, storeRoutes } from './vector-stores/stores.routes.ts';

/** The doors for programs: `/v1/files` and `/v1/vector_stores` in OpenAI's shapes, and `/mcp`. */
export function doorRoutes(app: FastifyInstance, parts: AuthenticateOptions & { doors: Doors }): void {
  app.register((api) => openaiRoutes(api, parts), { prefix: '/v1' });
  app.register(async (scope) => {
    guard(scope, parts);
    mcpRoutes(scope, parts.doors);
  });
}

async function openaiRoutes(api: FastifyInstance, parts: AuthenticateOptions & { doors: Doors }): Promise<void> {
  guard(api, parts);
  await api.register((scope) => fileRoutes(scope, parts.doors));
  storeRoutes(api, parts.doors);
  storeFileRoutes(api, parts.doors);
  batchRoutes(api, parts.doors);
  // Not the page, which answers what is left with itself.
  api.all('/*', answerNotFound);
}

function guard(scope: FastifyInstance, parts: AuthenticateOptions): void {
  scope.addHook('onRequest', authenticate(parts));
  // What one account reads must not lie in a cache that another one asks.
  scope.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
}
