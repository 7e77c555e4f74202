import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { Agent } from 'undici';
import { createLogger, listen, parseConfig, type RunningService } from '@parley/service-kit';
import { buildGateway } from './build-gateway.ts';
import { gatewayConfigSchema, type GatewayConfig, type GatewaySettings } from './config.ts';
import { Forwarder } from './forward/forwarder.ts';
import { ControllerLink } from './leases/controller-link.ts';
import { LeaseClient } from './leases/lease-client.ts';
import { Relay } from './relay/relay.ts';
import { RequestClocks } from './relay/request-clocks.ts';

export { gatewayConfigSchema, type GatewayConfig, type GatewaySettings } from './config.ts';

/** How long the start waits for the first answer of the controller; without one the gateway starts all the same. */
const FIRST_CONNECTION_MS = 1_000;

/** What a test may replace. */
export interface GatewaySeams {
  /** Milliseconds that only go forward. */
  now?: () => number;
  random?: () => number;
  newId?: () => string;
  logger?: FastifyBaseLogger;
}

/**
 * Starts the OpenAI-compatible API; it listens when this resolves, and is connected to the
 * controller or goes on trying. Throws `ConfigError`, and Node's `EADDRINUSE`.
 */
export async function startGateway(settings: GatewaySettings, seams: GatewaySeams = {}): Promise<RunningService> {
  const config = parseConfig('gateway', gatewayConfigSchema, settings);
  const { now = () => performance.now(), logger = createLogger('gateway', config.log_level) } = seams;
  const { link, leases } = createLeases(config, { ...seams, logger, now });
  const agent = createWorkerAgent(config);
  const clocks = new RequestClocks({ limits: config.clocks, now });
  const relay = new Relay({ leases, clocks, agent, secret: config.secret });
  const forwarder = createForwarder(config, agent);
  const app = await buildGateway({ config, leases, relay, forwarder, logger, now });
  const address = await listen(app, config);
  leases.start();
  await Promise.race([link.start(), pause(FIRST_CONNECTION_MS)]);
  let closing: Promise<void> | null = null;
  const close = async () => {
    await app.close();
    leases.stop();
    await link.close();
    await agent.destroy();
  };
  return { address, close: () => (closing ??= close()) };
}

interface LeaseSeams extends GatewaySeams {
  logger: FastifyBaseLogger;
  now: () => number;
}

function createLeases(config: GatewayConfig, seams: LeaseSeams) {
  const { now, logger, random = Math.random, newId = randomUUID } = seams;
  const link: ControllerLink = new ControllerLink({
    controllerUrl: config.controller_url,
    secret: config.secret,
    owner: newId(),
    random,
    logger,
    onOpen: () => leases.onOpen(),
    onClose: () => leases.onClose(),
    onReply: (reply) => leases.onReply(reply),
  });
  const leases = new LeaseClient({ link, now, newId });
  return { link, leases };
}

// undici's own clocks for headers and body are off: ours know what is content, and what a pause of
// the reader is. A proxy from the environment is never asked.
function createWorkerAgent({ clocks }: GatewayConfig): Agent {
  return new Agent({
    connect: { timeout: clocks.connect_ms },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
  });
}

function createForwarder({ server_url: serverUrl, clocks }: GatewayConfig, agent: Agent): Forwarder | null {
  if (serverUrl === null) return null;
  const { headers_ms: headersTimeoutMs, between_contents_ms: silenceLimitMs } = clocks;
  return new Forwarder({ serverUrl, agent, headersTimeoutMs, silenceLimitMs });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
