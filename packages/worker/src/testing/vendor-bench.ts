import { afterEach, beforeEach } from 'vitest';
import type { Engine } from '../engine.ts';
import { ask, createTestEngine } from './create-test-engine.ts';
import { startFakeVendor, type FakeVendor } from './fake-vendor.ts';
import { startTestWorker, type TestWorker } from './start-test-worker.ts';
import type { WireName } from './vendor-wires/index.ts';

const ENGINE_NAMES: Record<WireName, string> = {
  openai: 'openai-compatible',
  zhipu: 'zhipu',
  anthropic: 'anthropic',
  gemini: 'gemini',
};

/** For the tests of the file, or of the block: a bench that is new before each of them, and closed after it. */
export function useVendorBench(): VendorBench {
  const bench = new VendorBench();
  beforeEach(() => bench.open());
  afterEach(() => bench.close());
  return bench;
}

/** A fake vendor, and the engines and workers of a test that ask it, by whichever wire. */
class VendorBench {
  #vendor: FakeVendor | null = null;
  #others: { close: () => Promise<void> }[] = [];

  get vendor(): FakeVendor {
    if (this.#vendor === null) throw new Error('The bench is open while a test runs only.');
    return this.#vendor;
  }

  /** An engine that speaks the wire, with the vendor's address and key unless `settings` says otherwise. */
  async engine(wire: WireName, settings: object = {}, clock: { now?: () => number } = {}): Promise<Engine> {
    // Zhipu's tokens have a time, which the fake checks.
    const standard = wire === 'zhipu' ? { now: Date.now } : {};
    const engine = await createTestEngine({ ...this.#reach(wire), ...settings }, { ...standard, ...clock });
    this.#others.push(engine);
    return engine;
  }

  /** A worker whose engine speaks the wire. */
  async worker(wire: WireName, settings: object = {}): Promise<TestWorker> {
    const worker = await startTestWorker({ name: 'ours', ...this.#reach(wire), ...settings });
    this.#others.push(worker);
    return worker;
  }

  /** What the vendor gets when a new engine is asked a question with these fields. */
  async sent(wire: WireName, fields: object, settings: object = {}): Promise<Record<string, unknown>> {
    this.vendor.answerAlways({ pieces: ['Hi'] });
    await ask(await this.engine(wire, settings), fields);
    return this.vendor.requests.at(-1)?.body ?? {};
  }

  async open(): Promise<void> {
    this.#vendor = await startFakeVendor();
  }

  async close(): Promise<void> {
    for (const other of this.#others.splice(0)) await other.close();
    await this.vendor.close();
    this.#vendor = null;
  }

  #reach(wire: WireName): object {
    return { engine: ENGINE_NAMES[wire], base_url: this.vendor[`${wire}Url`], api_key: this.vendor[`${wire}Key`] };
  }
}
