import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError, type HostedProcess, type HostReply, type HostRequest } from '@parley/contracts';
import type { ModelHost } from '../model-host.ts';

const CACHE_MS = 1_000;
/** A launcher that hangs must not hold up the lists and the chats. */
const LIMIT_MS = 2_000;

/** The processes of the models, as the launcher sees them; what is known is at most a second old. */
export class ModelProcesses {
  readonly #host: ModelHost | null;
  readonly #now: () => number;
  #known: { processes: Promise<ReadonlyMap<string, HostedProcess>>; since: number } | null = null;

  constructor({ host, now }: { host: ModelHost | null; now: () => number }) {
    this.#host = host;
    this.#now = now;
  }

  /** Whether somebody runs processes here. */
  get canManage(): boolean {
    return this.#host !== null;
  }

  /** By name of the model; empty where nobody runs processes, or does not answer. */
  byModel(): Promise<ReadonlyMap<string, HostedProcess>> {
    const age = this.#known === null ? Infinity : this.#now() - this.#known.since;
    // A negative age: the clock was set back, and an answer from its future would be kept until then.
    if (this.#known === null || age < 0 || age >= CACHE_MS) {
      this.#known = { processes: this.#read(), since: this.#now() };
    }
    return this.#known.processes;
  }

  async of(model: string): Promise<HostedProcess | null> {
    return (await this.byModel()).get(model) ?? null;
  }

  /** Asks the launcher; what was known is forgotten with it. Throws `model_host_missing` where there is none. */
  async ask<Op extends HostRequest['op']>(request: Extract<HostRequest, { op: Op }>): Promise<HostReply<Op>> {
    if (this.#host === null) {
      throw new ParleyError(
        'model_host_missing',
        'This server was started without the launcher, which runs the models. Start Parley with "parley up" to change them.',
      );
    }
    try {
      return await this.#host.ask(request);
    } finally {
      this.#known = null;
    }
  }

  // A launcher that does not answer says nothing about processes; the list of models must not fail with it.
  async #read(): Promise<ReadonlyMap<string, HostedProcess>> {
    const asked = this.#host?.ask({ op: 'processes' }).catch(() => null);
    const reply = asked && (await within(asked, LIMIT_MS));
    return new Map((reply?.processes ?? []).map((process) => [process.model, process]));
  }
}

/** Null once the time is over. */
async function within<Value>(work: Promise<Value>, ms: number): Promise<Value | null> {
  const over = new AbortController();
  const clock = delay(ms, null, { signal: over.signal, ref: false }).catch(() => null);
  try {
    return await Promise.race([work, clock]);
  } finally {
    over.abort();
  }
}
