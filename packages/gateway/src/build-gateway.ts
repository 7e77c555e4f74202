import cors from '@fastify/cors';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { REQUEST_ID_HEADER } from '@parley/contracts';
import { buildService } from '@parley/service-kit';
import { createAccess } from './access.ts';
import type { GatewayConfig } from './config.ts';
import { createDocumentAccess } from './forward/document-access.ts';
import { addForwardRoutes } from './forward/forward.routes.ts';
import type { Forwarder } from './forward/forwarder.ts';
import type { LeaseClient } from './leases/lease-client.ts';
import { addModelCallRoutes } from './model-calls.routes.ts';
import { addModelRoutes } from './models.routes.ts';
import type { Relay } from './relay/relay.ts';

interface GatewayParts {
  config: GatewayConfig;
  leases: LeaseClient;
  relay: Relay;
  /** Null: there is no application server to forward to. */
  forwarder: Forwarder | null;
  logger: FastifyBaseLogger;
  now: () => number;
}

/** The gateway's HTTP side; it does not listen. */
export async function buildGateway(parts: GatewayParts): Promise<FastifyInstance> {
  const { config, leases, relay, forwarder, logger, now } = parts;
  const app = buildService({ name: 'gateway', logger, bodyLimit: config.body_limit_bytes });
  if (config.cors_origins.length > 0) {
    const origin = config.cors_origins.includes('*') ? '*' : config.cors_origins;
    await app.register(cors, { origin, methods: ['GET', 'POST', 'DELETE'], exposedHeaders: [REQUEST_ID_HEADER] });
  }
  const access = createAccess(config);
  addModelRoutes(app, { access, currentSnapshot: () => leases.snapshot, createdAt: Math.floor(Date.now() / 1000) });
  addModelCallRoutes(app, { access, relay, leases, now });
  if (forwarder !== null)
    addForwardRoutes(app, { forwarder, credentialOf: createDocumentAccess(access, config.secret) });
  return app;
}
