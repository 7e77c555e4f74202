// oxlint-disable-next-line no-restricted-imports -- a real controller is what these tests are about
import { startController } from '@parley/controller';
import { registrySnapshotSchema } from '@parley/contracts';
import type { RunningService } from '@parley/service-kit';
import { freePort, silentLogger, waitUntil } from '@parley/service-kit/testing';
import { OpenAI } from 'openai';
import { startGateway, type GatewaySettings } from '../start.ts';
import { FakeWorker, type Script } from './fake-worker.ts';

export const TEST_SECRET = 'secret-of-the-tests';
const AUTHORIZATION = { authorization: `Bearer ${TEST_SECRET}` };

interface PlaneSettings {
  gateway?: Partial<GatewaySettings>;
  controller?: {
    expected_models?: string[];
    queue_limit?: number;
    worker_wait_ms?: number;
    heart_beat_expiry_ms?: number;
    lease_ttl_ms?: number;
  };
}

interface WorkerSettings {
  concurrency?: number;
  port?: number;
  script?: Script;
}

/** A real controller and a real gateway on free ports, and fake workers as many as are added. */
export class TestPlane {
  readonly #workers: FakeWorker[] = [];
  readonly #settings: PlaneSettings;
  readonly #controllerPort: number;
  #controller: RunningService | null = null;
  #gateway: RunningService | null = null;

  private constructor(settings: PlaneSettings, controllerPort: number) {
    this.#settings = settings;
    this.#controllerPort = controllerPort;
  }

  static async start(settings: PlaneSettings = {}): Promise<TestPlane> {
    const plane = await TestPlane.withoutController(settings);
    await plane.startController();
    await plane.startGateway();
    return plane;
  }

  static async withoutController(settings: PlaneSettings = {}): Promise<TestPlane> {
    return new TestPlane(settings, await freePort());
  }

  get address(): string {
    if (this.#gateway === null) throw new Error('The gateway of this test does not run.');
    return this.#gateway.address;
  }

  get controllerUrl(): string {
    return `http://127.0.0.1:${this.#controllerPort}`;
  }

  async startController(): Promise<void> {
    const settings = { worker_wait_ms: 0, ...this.#settings.controller };
    this.#controller = await startController(
      { port: this.#controllerPort, secret: TEST_SECRET, ...settings },
      { logger: silentLogger() },
    );
  }

  async stopController(): Promise<void> {
    await this.#controller?.close();
  }

  async startGateway(): Promise<void> {
    const { controllerUrl } = this;
    this.#gateway = await startGateway(
      { port: 0, secret: TEST_SECRET, controller_url: controllerUrl, ...this.#settings.gateway },
      { logger: silentLogger() },
    );
  }

  async addWorker(models = ['m'], { concurrency, port, script }: WorkerSettings = {}): Promise<FakeWorker> {
    const worker = await FakeWorker.start(port);
    if (script !== undefined) worker.script = script;
    this.#workers.push(worker);
    await this.register(worker, models, concurrency);
    return worker;
  }

  /** Registers without heart beats, and waits until the gateway has heard of it. */
  async register(worker: FakeWorker, models = ['m'], concurrency?: number): Promise<void> {
    await this.registerAddress(worker.address, models, concurrency);
  }

  async registerAddress(worker_name: string, models = ['m'], concurrency?: number): Promise<void> {
    const worker_status = { model_names: models, speed: 1, queue_length: 0, concurrency };
    await this.#tell('/register_worker', { worker_name, check_heart_beat: false, worker_status });
    if (this.#gateway === null) return;
    const isKnown = async () => (await this.fetch(`/v1/models/${models[0]}`)).ok;
    await waitUntil(isKnown, 'the gateway knows the model');
  }

  beat(worker: FakeWorker): Promise<Response> {
    return this.#tell('/receive_heart_beat', { worker_name: worker.address, queue_length: 0 });
  }

  /** How many requests the controller counts, in all workers. */
  async inFlight(): Promise<number> {
    const answer = await fetch(`${this.controllerUrl}/workers`, { headers: AUTHORIZATION });
    const { workers } = registrySnapshotSchema.parse(await answer.json());
    return workers.reduce((sum, worker) => sum + worker.in_flight, 0);
  }

  /** Takes a place at a worker, as another gateway would; the lease is never renewed. */
  async occupy(model = 'm'): Promise<void> {
    await this.#tell('/leases/acquire', { owner: 'another gateway', model });
  }

  async settled(count = 0): Promise<void> {
    await waitUntil(async () => (await this.inFlight()) === count, `the controller counts ${count} requests`);
  }

  openai(apiKey = 'any'): OpenAI {
    return new OpenAI({ apiKey, baseURL: `${this.address}/v1`, maxRetries: 0 });
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.address + path, {
      ...init,
      headers: { ...AUTHORIZATION, ...(init.headers as Record<string, string>) },
    });
  }

  /** A chat completion over plain fetch. */
  complete(body: unknown, init: RequestInit = {}): Promise<Response> {
    return this.post('/v1/chat/completions', body, init);
  }

  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string>) };
    return this.fetch(path, { ...init, method: 'POST', headers, body: JSON.stringify(body) });
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) worker.kill();
    await this.#gateway?.close();
    await this.#controller?.close();
  }

  #tell(path: string, body: unknown): Promise<Response> {
    const headers = { ...AUTHORIZATION, 'content-type': 'application/json' };
    return fetch(this.controllerUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}

export const QUESTION = [{ role: 'user' as const, content: 'Hello?' }];
