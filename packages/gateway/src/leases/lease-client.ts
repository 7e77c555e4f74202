import { ParleyError, type Lease, type LeaseReply, type LeaseRequest, type RegistrySnapshot } from '@parley/contracts';
import type { EndingSignal } from '../relay/early-end.ts';
import { HeldLeases } from './held-leases.ts';
import { RegistryView } from './registry-view.ts';
import { chooseAlone } from './stand-alone-choice.ts';

/** What is assumed of a lease's life before the controller has granted one. */
const DEFAULT_TTL_MS = 5_000;
/** How long a worker is avoided that could not be reached, while the controller cannot be told. */
const SUSPECT_MS = 2_000;
/** How many requests wait here for a free worker while the controller is away. */
const MAX_WAITING_ALONE = 100;

export interface LeaseWish {
  model: string;
  /** Whose request it is: the queue is fair between users. */
  user: string;
  /** What the prompt begins with (`promptPrefixes`); a worker that holds it is preferred. */
  prefixes?: readonly string[];
  /** Hears of its place in the queue, 1 is next, any number of times while it waits at the controller. */
  onQueued?: (position: number) => void;
}

/** The part of the link that leases need. */
export interface LeaseLink {
  readonly isOpen: boolean;
  send(operation: LeaseRequest): void;
}

interface Pending extends LeaseWish {
  resolve: (lease: Lease) => void;
  reject: (error: ParleyError) => void;
}

interface LeaseClientParts {
  link: LeaseLink;
  now: () => number;
  newId: () => string;
}

/**
 * Asks the controller for leases, and keeps them alive while their requests run. While the
 * controller is away, it decides by the last registry it was sent and by its own counts; what it
 * decided so is told to the controller as soon as that is back.
 */
export class LeaseClient {
  readonly #pending = new Map<number, Pending>();
  readonly #held = new HeldLeases();
  readonly #suspects = new Map<string, number>();
  readonly #registry: RegistryView;
  readonly #parts: LeaseClientParts;
  #lastRequest = 0;
  #ttlMs = DEFAULT_TTL_MS;
  #renewal: NodeJS.Timeout | null = null;

  constructor(parts: LeaseClientParts) {
    this.#parts = parts;
    this.#registry = new RegistryView(parts.now);
  }

  /** The registry as far as it is known; null before it was sent for the first time. */
  get snapshot(): RegistrySnapshot | null {
    return this.#registry.current;
  }

  /** Whether a request for the model could go to one worker or another. */
  hasSeveralWorkers(model: string): boolean {
    let found = 0;
    for (const worker of this.snapshot?.workers ?? []) if (worker.model_names.includes(model)) found += 1;
    return found > 1;
  }

  start(): void {
    this.#setRenewal();
  }

  stop(): void {
    if (this.#renewal !== null) clearInterval(this.#renewal);
    this.#registry.lost();
  }

  /**
   * Waits for a lease; whoever gets it releases it. Rejects with the controller's refusal, or with
   * the signal's reason, which must be a `ParleyError`.
   */
  acquire(wish: LeaseWish, signal: EndingSignal): Promise<Lease> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const request = (this.#lastRequest += 1);
      const onAbort = () => {
        this.#pending.delete(request);
        this.#parts.link.send({ op: 'cancel', request });
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort);
      this.#pending.set(request, {
        ...wish,
        resolve: (lease) => {
          signal.removeEventListener('abort', onAbort);
          resolve(lease);
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      });
      this.#ask(request, wish);
    });
  }

  /** Gives a lease back; a second time does nothing. */
  release(lease: Lease, { isUnreachable = false } = {}): void {
    if (!this.#held.remove(lease)) return;
    const { link, now } = this.#parts;
    if (isUnreachable) this.#suspects.set(lease.worker_name, now() + SUSPECT_MS);
    link.send({ op: 'release', lease_id: lease.lease_id, ...(isUnreachable ? { is_unreachable: true } : {}) });
    if (!link.isOpen) this.#decideAllAlone();
  }

  /** The link is open: first what is held, so that nothing is given away twice, then who still waits. */
  readonly onOpen = (): void => {
    this.#registry.opened();
    this.#renew();
    for (const [request, wish] of this.#pending) this.#ask(request, wish);
  };

  /** The link is lost: who waits for an answer does not get one from there. */
  readonly onClose = (): void => {
    this.#registry.lost();
    this.#decideAllAlone();
  };

  readonly onReply = (reply: LeaseReply): void => {
    if (reply.op === 'snapshot') this.#registry.take(reply.snapshot);
    else if (reply.op === 'acquired') this.#granted(reply.request, reply.lease);
    else if (reply.op === 'refused') this.#refused(reply);
    else this.#pending.get(reply.request)?.onQueued?.(reply.position);
  };

  #ask(request: number, { model, user, prefixes = [] }: LeaseWish): void {
    const hints = prefixes.length > 0 ? { prefixes: [...prefixes] } : {};
    if (this.#parts.link.isOpen) this.#parts.link.send({ op: 'acquire', request, model, user, ...hints });
    else this.#decideAlone(request, this.#pending.size - 1);
  }

  #granted(request: number, lease: Lease): void {
    if (lease.ttl_ms !== this.#ttlMs) this.#setRenewal(lease.ttl_ms);
    const pending = this.#pending.get(request);
    // The caller left while the grant was on its way.
    if (pending === undefined) return this.#parts.link.send({ op: 'release', lease_id: lease.lease_id });
    this.#hold(request, lease);
    pending.resolve(lease);
  }

  #refused({ request, code, message, retry_after_seconds }: Extract<LeaseReply, { op: 'refused' }>): void {
    const retryAfter = retry_after_seconds ? { retryAfterSeconds: retry_after_seconds } : {};
    this.#reject(request, new ParleyError(code, message, { param: 'model', ...retryAfter }));
  }

  #decideAllAlone(): void {
    let ahead = 0;
    for (const request of this.#pending.keys()) {
      this.#decideAlone(request, ahead);
      if (this.#pending.has(request)) ahead += 1;
    }
  }

  /** `ahead`: how many wait that came before it. */
  #decideAlone(request: number, ahead: number): void {
    const pending = this.#pending.get(request);
    if (pending === undefined) return;
    try {
      const lease = this.#leaseAlone(pending.model);
      if (lease === null && ahead < MAX_WAITING_ALONE) return;
      if (lease === null) throw tooManyWaiting();
      this.#hold(request, lease);
      pending.resolve(lease);
    } catch (error) {
      this.#reject(request, error as ParleyError);
    }
  }

  /** Null: it has to wait until a request ends, or the controller is back. */
  #leaseAlone(model: string): Lease | null {
    const { now, newId } = this.#parts;
    const { snapshot } = this;
    if (snapshot === null) throw controllerUnreachable();
    const isSuspect = (workerName: string) => (this.#suspects.get(workerName) ?? 0) > now();
    const worker = chooseAlone({ snapshot, model, inFlight: this.#held.inFlight, isSuspect });
    if (worker === null) return null;
    return { lease_id: newId(), model, worker_name: worker.worker_name, ttl_ms: this.#ttlMs };
  }

  #hold(request: number, lease: Lease): void {
    this.#pending.delete(request);
    this.#held.add(lease);
  }

  #reject(request: number, error: ParleyError): void {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    pending?.reject(error);
  }

  #setRenewal(ttlMs = this.#ttlMs): void {
    this.#ttlMs = ttlMs;
    if (this.#renewal !== null) clearInterval(this.#renewal);
    this.#renewal = setInterval(() => this.#renew(), ttlMs / 3);
    this.#renewal.unref();
  }

  #renew(): void {
    for (const leases of this.#held.renewals()) this.#parts.link.send({ op: 'renew', leases });
    const now = this.#parts.now();
    for (const [workerName, until] of this.#suspects) if (until <= now) this.#suspects.delete(workerName);
  }
}

function controllerUnreachable(): ParleyError {
  const message = 'The controller, which knows the workers, cannot be reached. Try again in a moment.';
  return new ParleyError('controller_unreachable', message, { retryAfterSeconds: 2 });
}

function tooManyWaiting(): ParleyError {
  const message = 'All workers are busy and too many requests wait already. Try again in a moment.';
  return new ParleyError('queue_full', message, { retryAfterSeconds: 5 });
}
