import type { Lease } from '@parley/contracts';

export interface HeldLease {
  lease_id: string;
  owner: string;
  model: string;
  worker_name: string;
  expiresAt: number;
}

interface LeaseBookParts {
  ttlMs: number;
  now: () => number;
  newId: () => string;
}

/**
 * All leases, and from them how much each worker has in flight. A count is never kept apart from
 * the leases that it counts: both change in `#add` and `#remove` only.
 */
export class LeaseBook {
  readonly #leases = new Map<string, HeldLease>();
  readonly #inFlight = new Map<string, number>();
  readonly #parts: LeaseBookParts;

  constructor(parts: LeaseBookParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#leases.size;
  }

  inFlight(workerName: string): number {
    return this.#inFlight.get(workerName) ?? 0;
  }

  grant({ owner, model, worker_name }: { owner: string; model: string; worker_name: string }): Lease {
    const lease_id = this.#parts.newId();
    this.#add({ lease_id, owner, model, worker_name, expiresAt: this.#nextExpiry() });
    return { lease_id, model, worker_name, ttl_ms: this.#parts.ttlMs };
  }

  /** Ends a lease of that owner; null when there is none (ended already, or someone else's). */
  end(owner: string, leaseId: string): HeldLease | null {
    const lease = this.#leases.get(leaseId);
    if (lease?.owner !== owner) return null;
    this.#remove(lease);
    return lease;
  }

  /**
   * Prolongs the named leases; unknown ones are adopted, for they come from before this
   * controller's start or from a time when their owner could not reach it. Leases that are not
   * named stay as they are: their grant may still be on its way to the owner.
   */
  renew(owner: string, leases: readonly Omit<Lease, 'ttl_ms'>[]): void {
    const expiresAt = this.#nextExpiry();
    for (const { lease_id, model, worker_name } of leases) {
      const known = this.#leases.get(lease_id);
      if (known === undefined) this.#add({ lease_id, owner, model, worker_name, expiresAt });
      else if (known.owner === owner) known.expiresAt = expiresAt;
    }
  }

  /** Ends what was not renewed in time, and answers it. */
  expire(): HeldLease[] {
    const now = this.#parts.now();
    const expired = [...this.#leases.values()].filter((lease) => lease.expiresAt <= now);
    for (const lease of expired) this.#remove(lease);
    return expired;
  }

  #nextExpiry(): number {
    return this.#parts.now() + this.#parts.ttlMs;
  }

  #add(lease: HeldLease): void {
    this.#leases.set(lease.lease_id, lease);
    this.#inFlight.set(lease.worker_name, this.inFlight(lease.worker_name) + 1);
  }

  #remove(lease: HeldLease): void {
    this.#leases.delete(lease.lease_id);
    const rest = this.inFlight(lease.worker_name) - 1;
    if (rest > 0) this.#inFlight.set(lease.worker_name, rest);
    else this.#inFlight.delete(lease.worker_name);
  }
}
