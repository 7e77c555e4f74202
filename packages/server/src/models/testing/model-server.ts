import type { AdminModel, CreatedConnection, ModelOverview } from '@parley/contracts';
import { FakeGateway } from '../../testing/fake-gateway.ts';
import { FakeModelHost } from '../../testing/fake-model-host.ts';
import { FAKE_PROVIDERS } from '../../testing/fake-providers.ts';
import { TEST_SECRET, TestServer, type Call } from '../../testing/test-server.ts';
import type { ServerConfigInput } from '../../config.ts';
import type { ServerSeams } from '../../start.ts';

export const KEY = 'acme-key-0123456789-last';

/** A real server beside a fake launcher, a fake gateway and fake providers; the vendor asks for `KEY`. */
export class ModelServer extends TestServer {
  readonly host = new FakeModelHost(TEST_SECRET);
  readonly gateway = new FakeGateway();

  override async start(settings: Partial<ServerConfigInput> = {}, seams: ServerSeams = {}): Promise<void> {
    this.host.vendor.key ??= KEY;
    if (this.host.vendor.models.length === 0) this.host.vendor.serve('acme-large');
    const url = await this.gateway.start();
    await super.start({ gateway_url: url, ...settings }, { modelHost: this.host, providers: FAKE_PROVIDERS, ...seams });
  }

  override async close(): Promise<void> {
    await super.close();
    await this.gateway.stop();
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    await this.host.stop();
  }

  /** A call under `/api/model-admin`. */
  admin<Value = ModelOverview>(path = '', call: Call = {}): Promise<Value> {
    return this.json<Value>(`/api/model-admin${path}`, call);
  }

  /** Status and error of a call under `/api/model-admin` that must fail. */
  async refusal(
    path: string,
    call: Call = {},
  ): Promise<{ status: number; code: string; message: string; param: string }> {
    const response = await this.fetch(`/api/model-admin${path}`, call);
    const { error } = (await response.json()) as { error: { code: string; message: string; param: string } };
    return { status: response.status, ...error };
  }

  /** Adds a connection to the fake vendor; `acme-large` unless models are named. */
  connect(body: Record<string, unknown> = {}): Promise<CreatedConnection> {
    const models = [{ upstream_model: 'acme-large' }];
    return this.admin('/connections', { method: 'POST', body: { provider: 'acme', api_key: KEY, models, ...body } });
  }

  async model(name: string): Promise<AdminModel> {
    const { models } = await this.admin();
    const model = models.find((candidate) => candidate.name === name);
    if (!model) throw new Error(`There is no model ${name}: ${models.map((other) => other.name).join(', ')}`);
    return model;
  }
}
