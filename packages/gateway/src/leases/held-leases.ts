import type { Lease } from '@parley/contracts';

type LeaseNote = Omit<Lease, 'ttl_ms'>;

/** The controller reads so many leases of one renewal without being held up. */
const LEASES_PER_RENEWAL = 1_000;

/** The leases that this gateway holds, and how many of them each worker serves. */
export class HeldLeases {
  readonly #leases = new Map<string, LeaseNote>();
  readonly #inFlight = new Map<string, number>();

  readonly inFlight = (workerName: string): number => this.#inFlight.get(workerName) ?? 0;

  add({ lease_id, model, worker_name }: LeaseNote): void {
    this.#leases.set(lease_id, { lease_id, model, worker_name });
    this.#inFlight.set(worker_name, this.inFlight(worker_name) + 1);
  }

  /** False when it is not held (any more). */
  remove({ lease_id, worker_name }: LeaseNote): boolean {
    if (!this.#leases.delete(lease_id)) return false;
    const rest = this.inFlight(worker_name) - 1;
    if (rest > 0) this.#inFlight.set(worker_name, rest);
    else this.#inFlight.delete(worker_name);
    return true;
  }

  /** All of them, in pieces that fit into one renewal each. */
  renewals(): LeaseNote[][] {
    const all = [...this.#leases.values()];
    const pieces = [];
    for (let start = 0; start < all.length; start += LEASES_PER_RENEWAL) {
      pieces.push(all.slice(start, start + LEASES_PER_RENEWAL));
    }
    return pieces;
  }
}
