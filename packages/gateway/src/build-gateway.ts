import cors from '@fastify/cors';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { REQUEST_ID_HEADER } from '@parley/contracts';
import { buildService } from '@parley/service-kit';
import { createAccess } from './access.ts';
import { addCompletionRoutes } from './completions.routes.ts';
import type { GatewayConfig } from './config.ts';
import type { LeaseClient } from './leases/lease-client.ts';
import { addModelRoutes } from './models.routes.ts';
import type { Relay } from './relay/relay.ts';

interface GatewayParts {
  config: GatewayConfig;
  leases: LeaseClient;
  relay: Relay;
  logger: FastifyBaseLogger;
  now: () => number;
}

/** The gateway's HTTP side; it does not listen. */
export async function buildGateway({ config, leases, relay, logger, now }: GatewayParts): Promise<FastifyInstance> {
  const app = buildService({ name: 'gateway', logger, bodyLimit: config.body_limit_bytes });
  if (config.cors_origins.length > 0) {
    const origin = config.cors_origins.includes('*') ? '*' : config.cors_origins;
    await app.register(cors, { origin, methods: ['GET', 'POST'], exposedHeaders: [REQUEST_ID_HEADER] });
  }
  const access = createAccess(config);
  addModelRoutes(app, { access, currentSnapshot: () => leases.snapshot, createdAt: Math.floor(Date.now() / 1000) });
  addCompletionRoutes(app, { access, relay, now });
  return app;
}
