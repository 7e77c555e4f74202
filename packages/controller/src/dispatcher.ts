import type { Lease, ParleyError } from '@parley/contracts';
import type { DrainRate } from './drain-rate.ts';
import type { ExpectedModels } from './expected-models.ts';
import type { HeldLease, LeaseBook } from './lease-book.ts';
import type { DispatchPolicy } from './policies/dispatch-policy.ts';
import { preferHolder } from './policies/prefer-holder.ts';
import { PrefixMemory } from './prefix-memory.ts';
import { missingModelError, queueFullError, stoppingError } from './refusals.ts';
import { WaitingLine } from './waiting-line.ts';
import type { RegisteredWorker, WorkerRegistry } from './worker-registry.ts';

/** Someone who asks for a lease. Hears of its place in the queue any number of times, then of one end. */
export interface LeaseSeeker {
  owner: string;
  model: string;
  /** Whose turn it is in the queue. */
  user: string;
  /** What its prompt begins with, as in a lease request. */
  prefixes?: readonly string[] | undefined;
  granted(lease: Lease): void;
  queued(position: number): void;
  refused(error: ParleyError): void;
}

export interface LeaseRelease {
  lease_id: string;
  is_unreachable?: boolean | undefined;
}

interface Waiting {
  seeker: LeaseSeeker;
  user: string;
  since: number;
  /** The place that the seeker last heard. */
  position: number;
}

export interface DispatcherParts {
  registry: WorkerRegistry;
  leases: LeaseBook;
  drainRate: DrainRate;
  policy: DispatchPolicy;
  now: () => number;
  random: () => number;
  queueLimit: number;
  workerWaitMs: number;
  expectedModels: ExpectedModels;
}

/** Decides who gets the next request, and keeps those who wait. */
export class Dispatcher {
  readonly #lines = new Map<string, WaitingLine<Waiting>>();
  readonly #waiting = new Map<LeaseSeeker, Waiting>();
  readonly #prefixes = new PrefixMemory();
  readonly #parts: DispatcherParts;
  readonly #startedAt: number;
  #uses = 0;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#startedAt = parts.now();
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Grants at once, refuses at once, or queues; the seeker hears of it either way. */
  acquire(seeker: LeaseSeeker): void {
    const { now, registry, queueLimit, drainRate } = this.#parts;
    const { model } = seeker;
    const line = this.#lines.get(model);
    const worker = line === undefined ? this.#pick(model, seeker.prefixes) : null;
    if (worker !== null) return this.#grant(seeker, worker);
    const since = now();
    if (registry.serving(model).length === 0 && since >= this.#refuseAt(model, since)) {
      return seeker.refused(this.#missingModel(model));
    }
    const waitingBefore = line?.size ?? 0;
    // As many places again are for those of whom nobody waits: one user cannot keep the others out.
    const room = line?.has(seeker.user) === false ? 2 * queueLimit : queueLimit;
    if (waitingBefore >= room) {
      return seeker.refused(queueFullError(model, waitingBefore, drainRate.secondsFor(model, waitingBefore)));
    }
    this.#enqueue({ seeker, user: seeker.user, since, position: 0 });
  }

  /** Takes a seeker out of the queue; false when it does not wait any more. */
  cancel(seeker: LeaseSeeker): boolean {
    const waiting = this.#waiting.get(seeker);
    if (waiting === undefined) return false;
    this.#leaveLine(waiting);
    this.#tellPositions(seeker.model);
    return true;
  }

  /** Ends a lease and gives its place to who waits; null when the owner has no such lease. */
  release(owner: string, { lease_id, is_unreachable }: LeaseRelease): HeldLease | null {
    const lease = this.#parts.leases.end(owner, lease_id);
    if (lease === null) return null;
    // Before the place is given on, or the next in the queue would be sent to the same dead worker.
    if (is_unreachable === true) this.#parts.registry.suspect(lease.worker_name);
    this.#parts.drainRate.record(lease.model);
    this.pump();
    return lease;
  }

  /** Prolongs an owner's leases and adopts those that this controller does not know. */
  renew(owner: string, leases: readonly Omit<Lease, 'ttl_ms'>[]): void {
    this.#parts.leases.renew(owner, leases);
  }

  /** Looks after what time brings: leases that ran out, requests that waited in vain for a worker. */
  tick(): HeldLease[] {
    const expired = this.#parts.leases.expire();
    for (const lease of expired) this.#parts.drainRate.record(lease.model);
    this.pump();
    for (const waiting of this.#waiting.values()) this.#refuseIfOverdue(waiting);
    return expired;
  }

  /** Grants to those who wait whatever is free now; across models, who came first goes first. */
  pump(): void {
    if (this.#waiting.size === 0) return;
    const changed = new Set<string>();
    for (let next = this.#nextGrant(); next !== null; next = this.#nextGrant()) {
      this.#lines.get(next.model)?.take();
      this.#waiting.delete(next.waiting.seeker);
      this.#dropEmptyLine(next.model);
      changed.add(next.model);
      this.#grant(next.waiting.seeker, next.worker);
    }
    for (const model of changed) this.#tellPositions(model);
  }

  /** Refuses all who wait: the controller stops. */
  stop(): void {
    for (const waiting of this.#waiting.values()) {
      this.#leaveLine(waiting);
      waiting.seeker.refused(stoppingError());
    }
  }

  /** The worker for one request of someone who takes no lease; null when none is free. */
  choose(model: string): RegisteredWorker | null {
    const worker = this.#pick(model);
    if (worker !== null) this.#markUsed(worker);
    return worker;
  }

  #pick(model: string, prefixes: readonly string[] = []): RegisteredWorker | null {
    const { registry, leases, policy, random, now } = this.#parts;
    const candidates = [];
    for (const worker of registry.serving(model)) {
      const inFlight = leases.inFlight(worker.worker_name);
      if (inFlight >= (worker.concurrency ?? Infinity) || worker.suspectUntil > now()) continue;
      const load = Math.max(inFlight, worker.queue_length);
      candidates.push({ worker, load, speed: worker.speed, lastUsed: worker.lastUsed });
    }
    const holder = this.#prefixes.holderOf(model, prefixes);
    const holding = candidates.find(({ worker }) => worker.worker_name === holder);
    return preferHolder(policy.pick(candidates, random), holding)?.worker ?? null;
  }

  #grant(seeker: LeaseSeeker, worker: RegisteredWorker): void {
    this.#markUsed(worker);
    const { owner, model, prefixes } = seeker;
    if (prefixes !== undefined) this.#prefixes.remember(worker.worker_name, model, prefixes);
    seeker.granted(this.#parts.leases.grant({ owner, model, worker_name: worker.worker_name }));
  }

  #markUsed(worker: RegisteredWorker): void {
    this.#uses += 1;
    worker.lastUsed = this.#uses;
  }

  #nextGrant(): { model: string; waiting: Waiting; worker: RegisteredWorker } | null {
    let next = null;
    for (const [model, line] of this.#lines) {
      const waiting = line.first();
      if (waiting === null || (next !== null && waiting.since >= next.waiting.since)) continue;
      const worker = this.#pick(model, waiting.seeker.prefixes);
      if (worker !== null) next = { model, waiting, worker };
    }
    return next;
  }

  #enqueue(waiting: Waiting): void {
    const { model } = waiting.seeker;
    const line = this.#lines.get(model) ?? new WaitingLine<Waiting>();
    this.#lines.set(model, line);
    line.add(waiting);
    this.#waiting.set(waiting.seeker, waiting);
    this.#tellPositions(model);
  }

  #leaveLine(waiting: Waiting): void {
    const { model } = waiting.seeker;
    this.#lines.get(model)?.remove(waiting);
    this.#waiting.delete(waiting.seeker);
    this.#dropEmptyLine(model);
  }

  #dropEmptyLine(model: string): void {
    if (this.#lines.get(model)?.size === 0) this.#lines.delete(model);
  }

  #tellPositions(model: string): void {
    for (const [index, waiting] of (this.#lines.get(model)?.inOrder() ?? []).entries()) {
      if (waiting.position === index + 1) continue;
      waiting.position = index + 1;
      waiting.seeker.queued(waiting.position);
    }
  }

  #refuseIfOverdue(waiting: Waiting): void {
    const { model } = waiting.seeker;
    if (this.#parts.registry.serving(model).length > 0) return;
    if (this.#parts.now() < this.#refuseAt(model, waiting.since)) return;
    this.#leaveLine(waiting);
    waiting.seeker.refused(this.#missingModel(model));
    this.#tellPositions(model);
  }

  /**
   * Until when a request waits for a worker of a model that has none. A configured model's worker
   * is always worth waiting for: the launcher restarts it. Any other one may only be on its way
   * back after it was lost, or after this controller itself was away.
   */
  #refuseAt(model: string, since: number): number {
    const { registry, expectedModels, workerWaitMs } = this.#parts;
    const lostAt = registry.lostAt(model) ?? this.#startedAt;
    return Math.max(lostAt, expectedModels.has(model) ? since : 0) + workerWaitMs;
  }

  #missingModel(model: string): ParleyError {
    const { registry, expectedModels, workerWaitMs } = this.#parts;
    const isKnown = expectedModels.has(model) || registry.lostAt(model) !== null;
    return missingModelError({ model, isKnown, models: registry.models, workerWaitMs });
  }
}
