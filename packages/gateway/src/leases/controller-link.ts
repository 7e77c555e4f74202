import type { FastifyBaseLogger } from 'fastify';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { leaseReplySchema, type LeaseReply, type LeaseRequest } from '@parley/contracts';

const repliesSchema = z.array(leaseReplySchema);

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;
const HANDSHAKE_TIMEOUT_MS = 3_000;
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** A controller that leaves a ping unanswered until the next one is given up. */
const PING_INTERVAL_MS = 1_000;
/** How long the goodbye at the end may take. */
const GOODBYE_MS = 200;

export interface ControllerLinkParts {
  controllerUrl: string;
  secret: string;
  /** Names this gateway's leases; the same for all its connections. */
  owner: string;
  random: () => number;
  logger: FastifyBaseLogger;
  onOpen: () => void;
  onClose: () => void;
  onReply: (reply: LeaseReply) => void;
}

/**
 * The one connection to the controller. Opens itself again whenever it is lost, with growing
 * pauses. What is sent within a tick leaves as one message.
 */
export class ControllerLink {
  readonly #parts: ControllerLinkParts;
  #socket: WebSocket | null = null;
  #outbox: LeaseRequest[] = [];
  #isOpen = false;
  #isClosed = false;
  #failures = 0;
  #hasAnsweredPing = true;
  #retry: NodeJS.Timeout | null = null;
  #ping: NodeJS.Timeout | null = null;

  constructor(parts: ControllerLinkParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Begins to connect; resolves when the controller has said its first word, or could not be reached. */
  start(): Promise<void> {
    this.#ping = setInterval(() => this.#checkAlive(), PING_INTERVAL_MS);
    this.#ping.unref();
    return this.#connect();
  }

  /** Sends with the others of this tick; what is sent while the link is down is dropped. */
  send(operation: LeaseRequest): void {
    if (!this.#isOpen) return;
    if (this.#outbox.length === 0) setImmediate(() => this.#flush());
    this.#outbox.push(operation);
  }

  /** Sends what is left and says goodbye. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#ping !== null) clearInterval(this.#ping);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#flush();
    const socket = this.#socket;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const forced = setTimeout(() => socket.terminate(), GOODBYE_MS);
      socket.once('close', () => {
        clearTimeout(forced);
        resolve();
      });
      socket.close();
    });
  }

  #connect(): Promise<void> {
    const { controllerUrl, secret, owner } = this.#parts;
    const url = `${controllerUrl.replace(/^http/, 'ws').replace(/\/$/, '')}/leases/connect?owner=${owner}`;
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${secret}` },
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#read(data.toString()));
    socket.on('pong', () => (this.#hasAnsweredPing = true));
    return new Promise((resolve) => {
      socket.once('open', () => this.#opened());
      socket.once('message', () => resolve());
      socket.on('error', (error) => this.#noteFailure(error));
      socket.once('close', () => {
        this.#lost();
        resolve();
      });
    });
  }

  #opened(): void {
    if (this.#failures > 0) this.#parts.logger.info('the controller is back');
    this.#failures = 0;
    this.#isOpen = true;
    this.#hasAnsweredPing = true;
    this.#parts.onOpen();
  }

  #lost(): void {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#outbox = [];
    if (this.#isClosed) return;
    if (wasOpen) {
      this.#parts.logger.warn('the connection to the controller is lost');
      this.#parts.onClose();
    }
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    // Gateways that lost the same controller must not all knock at the same moment.
    this.#retry = setTimeout(() => void this.#connect(), delay * (0.5 + this.#parts.random() / 2));
  }

  #noteFailure(error: Error): void {
    if (this.#failures === 0) this.#parts.logger.warn({ err: error }, 'the controller cannot be reached; trying on');
  }

  #read(text: string): void {
    const parsed = repliesSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      this.#parts.logger.error({ err: parsed.error }, 'the controller sent something else than replies');
      this.#socket?.terminate();
      return;
    }
    for (const reply of parsed.data) this.#parts.onReply(reply);
  }

  #checkAlive(): void {
    if (!this.#isOpen) return;
    if (!this.#hasAnsweredPing) return this.#socket?.terminate();
    this.#hasAnsweredPing = false;
    this.#socket?.ping();
  }

  #flush(): void {
    if (this.#outbox.length === 0 || !this.#isOpen) return;
    const message = JSON.stringify(this.#outbox);
    this.#outbox = [];
    this.#socket?.send(message);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
