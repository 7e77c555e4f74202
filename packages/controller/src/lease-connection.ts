import { z } from 'zod';
import type { WebSocket } from 'ws';
import { leaseRequestSchema, type LeaseReply, type LeaseRequest, type RegistrySnapshot } from '@parley/contracts';
import type { Dispatcher, LeaseSeeker } from './dispatcher.ts';

const messageSchema = z.array(leaseRequestSchema).max(10_000);

/** WebSocket's own code for a message that breaks the protocol (RFC 6455, 7.4.1). */
const PROTOCOL_ERROR = 1002;

interface LeaseConnectionParts {
  socket: WebSocket;
  dispatcher: Dispatcher;
  /** Whose leases they are; the same after a reconnect. */
  owner: string;
}

/**
 * One gateway's connection. What is to be said within a tick goes out as one message. When the
 * connection ends, its waiting requests are forgotten; its leases live until their time is up, for
 * the gateway may connect again.
 */
export class LeaseConnection {
  readonly #seekers = new Map<number, LeaseSeeker>();
  #outbox: LeaseReply[] = [];
  #hasAnsweredPing = true;
  readonly #parts: LeaseConnectionParts;

  constructor(parts: LeaseConnectionParts) {
    this.#parts = parts;
    parts.socket.on('message', (data: Buffer) => this.#read(data.toString()));
    parts.socket.on('pong', () => (this.#hasAnsweredPing = true));
    parts.socket.once('close', () => this.#forget());
    // A broken connection closes as well; without a listener it would take the process down.
    parts.socket.on('error', () => {});
  }

  pushSnapshot(snapshot: RegistrySnapshot): void {
    this.#say({ op: 'snapshot', snapshot });
  }

  /** Gives the connection up when it left the last ping unanswered, and pings it again otherwise. */
  checkAlive(): void {
    const { socket } = this.#parts;
    if (!this.#hasAnsweredPing) return socket.terminate();
    this.#hasAnsweredPing = false;
    socket.ping();
  }

  close(code: number, reason: string): void {
    this.#flush();
    this.#parts.socket.close(code, reason);
  }

  #read(text: string): void {
    const parsed = messageSchema.safeParse(parseJson(text));
    if (parsed.success) {
      for (const request of parsed.data) this.#handle(request);
      return;
    }
    const [issue] = parsed.error.issues;
    // A close reason holds 123 bytes at most.
    const reason = `not an array of lease operations: ${issue?.path.join('.')} ${issue?.message}`;
    this.#parts.socket.close(
      PROTOCOL_ERROR,
      Buffer.from(reason)
        .subarray(0, 120)
        .toString()
        .replace(/\uFFFD$/, ''),
    );
  }

  #handle(request: LeaseRequest): void {
    const { dispatcher, owner } = this.#parts;
    switch (request.op) {
      case 'acquire':
        return this.#acquire(request);
      case 'cancel':
        return this.#cancel(request.request);
      case 'release':
        dispatcher.release(owner, request);
        return;
      case 'renew':
        dispatcher.renew(owner, request.leases);
    }
  }

  #acquire({ request, model, user, prefixes }: Extract<LeaseRequest, { op: 'acquire' }>): void {
    // A number that is taken belongs to a request that still waits.
    if (this.#seekers.has(request)) return;
    const { dispatcher, owner } = this.#parts;
    const seeker: LeaseSeeker = {
      owner,
      model,
      user: user ?? '',
      prefixes,
      queued: (position) => this.#say({ op: 'queued', request, position }),
      granted: (lease) => {
        this.#seekers.delete(request);
        this.#say({ op: 'acquired', request, lease });
      },
      refused: ({ code, message, retryAfterSeconds }) => {
        this.#seekers.delete(request);
        this.#say({ op: 'refused', request, code, message, retry_after_seconds: retryAfterSeconds });
      },
    };
    this.#seekers.set(request, seeker);
    dispatcher.acquire(seeker);
  }

  // A cancel that meets its grant on the way is the gateway's to answer: it releases the lease.
  #cancel(request: number): void {
    const seeker = this.#seekers.get(request);
    this.#seekers.delete(request);
    if (seeker !== undefined) this.#parts.dispatcher.cancel(seeker);
  }

  #forget(): void {
    for (const seeker of this.#seekers.values()) this.#parts.dispatcher.cancel(seeker);
    this.#seekers.clear();
  }

  #say(reply: LeaseReply): void {
    if (this.#outbox.length === 0) setImmediate(() => this.#flush());
    this.#outbox.push(reply);
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    const message = JSON.stringify(this.#outbox);
    this.#outbox = [];
    if (this.#parts.socket.readyState === this.#parts.socket.OPEN) this.#parts.socket.send(message);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
