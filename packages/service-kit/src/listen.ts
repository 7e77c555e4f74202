import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A service that listens. `close` ends it: no new requests, open ones finish; safe to call twice. */
export interface RunningService {
  /** Base URL that neighbours reach it by, without a slash at the end. */
  address: string;
  close(): Promise<void>;
}

/** Opens the port; 0 takes a free one. Throws Node's `EADDRINUSE` when it is taken. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  await app.listen({ host, port });
  const { port: actual } = app.server.address() as AddressInfo;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${actual}`;
}
