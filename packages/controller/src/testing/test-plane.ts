import { Dispatcher, type LeaseSeeker } from '../dispatcher.ts';
import { DrainRate } from '../drain-rate.ts';
import { ExpectedModels } from '../expected-models.ts';
import { LeaseBook } from '../lease-book.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { WorkerRegistry } from '../worker-registry.ts';
import { FakeClock } from './fake-clock.ts';

/** Registry, leases and dispatcher on a fake clock, without HTTP. */
export function createTestPlane({ queueLimit = 100, ttlMs = 5_000 } = {}) {
  const clock = new FakeClock();
  const { now } = clock;
  let ids = 0;
  const newId = () => `lease-${(ids += 1)}`;
  const leases = new LeaseBook({ ttlMs, now, newId });
  const registry: WorkerRegistry = new WorkerRegistry({ now, expiryMs: 3_500, onChange: () => dispatcher.pump() });
  const dispatcher = new Dispatcher({
    registry,
    leases,
    drainRate: new DrainRate(now),
    policy: findPolicy('shortest_queue'),
    now,
    random: () => 0.5,
    queueLimit,
    workerWaitMs: 3_000,
    expectedModels: new ExpectedModels([]),
  });
  return { clock, leases, registry, dispatcher };
}

/** A fake seeker: records what it hears. */
export class RecordingSeeker implements LeaseSeeker {
  readonly owner = 'gateway';
  readonly model: string;
  readonly user: string;
  readonly prefixes: readonly string[];
  lease: { lease_id: string; worker_name: string } | null = null;
  refusal: string | null = null;
  positions: number[] = [];

  constructor(model: string, user = '', prefixes: readonly string[] = []) {
    this.model = model;
    this.user = user;
    this.prefixes = prefixes;
  }

  granted(lease: { lease_id: string; worker_name: string }): void {
    if (this.lease !== null || this.refusal !== null) throw new Error('A seeker hears of one end only.');
    this.lease = lease;
  }

  queued(position: number): void {
    this.positions.push(position);
  }

  refused(error: { code: string }): void {
    if (this.lease !== null || this.refusal !== null) throw new Error('A seeker hears of one end only.');
    this.refusal = error.code;
  }
}
