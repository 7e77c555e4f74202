import type { IncomingMessage, Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { RegistrySnapshot } from '@parley/contracts';
import { bearerToken, isSameSecret } from '@parley/service-kit';
import type { Dispatcher } from './dispatcher.ts';
import { LeaseConnection } from './lease-connection.ts';

const PATH = '/leases/connect';
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** A connection that leaves a ping unanswered until the next one is given up. */
const PING_INTERVAL_MS = 5_000;
const GOING_AWAY = 1001;
const MAX_OWNER_LENGTH = 128;

interface LeaseDoorParts {
  secret: string;
  dispatcher: Dispatcher;
  takeSnapshot: () => RegistrySnapshot;
}

/** `GET /leases/connect`: upgrades to WebSocket, and keeps the gateways that are connected. */
export class LeaseDoor {
  readonly #connections = new Map<WebSocket, LeaseConnection>();
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
  readonly #parts: LeaseDoorParts;
  #isPushDue = false;
  #ping: NodeJS.Timeout | null = null;

  constructor(parts: LeaseDoorParts) {
    this.#parts = parts;
  }

  open(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const refusal = this.#refusal(request);
      if (refusal !== null) {
        // A stranger that is gone already is nobody's error.
        socket.on('error', () => {});
        const answer = `HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
        // One that keeps its own end open would keep this process from stopping.
        socket.end(answer, () => socket.destroy());
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (accepted) => this.#accept(accepted, request));
    });
    this.#ping = setInterval(() => this.#pingAll(), PING_INTERVAL_MS);
    this.#ping.unref();
  }

  /** Sends the registry to all gateways, once per tick however often it is asked. */
  pushSnapshot(): void {
    if (this.#isPushDue) return;
    this.#isPushDue = true;
    setImmediate(() => {
      this.#isPushDue = false;
      const snapshot = this.#parts.takeSnapshot();
      for (const connection of this.#connections.values()) connection.pushSnapshot(snapshot);
    });
  }

  /** Says goodbye to all gateways, and lets no one in any more. */
  close(): void {
    if (this.#ping !== null) clearInterval(this.#ping);
    this.#sockets.close();
    for (const [socket, connection] of this.#connections) {
      connection.close(GOING_AWAY, 'the controller stops');
      // The other side's goodbye is not waited for: a server does not stop before its sockets are gone.
      setTimeout(() => socket.terminate(), 100).unref();
    }
  }

  #refusal(request: IncomingMessage): string | null {
    if (partsOf(request).path !== PATH) return '404 Not Found';
    const token = bearerToken(request.headers.authorization);
    return token !== null && isSameSecret(token, this.#parts.secret) ? null : '401 Unauthorized';
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    const { owner } = partsOf(request);
    const connection = new LeaseConnection({ socket, owner, dispatcher: this.#parts.dispatcher });
    this.#connections.set(socket, connection);
    socket.once('close', () => this.#connections.delete(socket));
    connection.pushSnapshot(this.#parts.takeSnapshot());
  }

  #pingAll(): void {
    for (const connection of this.#connections.values()) connection.checkAlive();
  }
}

// Split by hand: `new URL` throws on what a stranger may send before the secret was looked at.
function partsOf(request: IncomingMessage): { path: string; owner: string } {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const owner = new URLSearchParams(query).get('owner') ?? '';
  return { path, owner: owner.length > 0 && owner.length <= MAX_OWNER_LENGTH ? owner : randomUUID() };
}
