import type { z } from 'zod';
import {
  adminModelSchema,
  foundServersSchema,
  modelDownloadListSchema,
  modelDownloadSchema,
  modelLibrarySchema,
  modelLogSchema,
  createdConnectionSchema,
  modelOverviewSchema,
  testedModelSchema,
  triedConnectionSchema,
  type AdminModel,
  type createConnectionRequestSchema,
  type createModelRequestSchema,
  type FoundServers,
  type ModelDownload,
  type ModelLibrary,
  type CreatedConnection,
  type ModelOverview,
  type startDownloadRequestSchema,
  type TestedModel,
  type TriedConnection,
  type tryConnectionRequestSchema,
  type updateConnectionRequestSchema,
  type updateModelRequestSchema,
} from '@parley/contracts/model-admin';
import type { AppConnection } from './app-connection.ts';

const ROOT = '/api/model-admin';
/** A model is loaded, or a vendor is asked: both have clocks of their own. */
const NO_CLOCK = { headersTimeoutMs: 0 };

/** The models of a running system, for its owner. Throws `ParleyError`. */
export class ModelAdminClient {
  readonly #connection: AppConnection;

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  overview(): Promise<ModelOverview> {
    return this.#connection.read({ url: ROOT, method: 'GET' }, modelOverviewSchema);
  }

  try(request: z.input<typeof tryConnectionRequestSchema>): Promise<TriedConnection> {
    return this.#connection.read({ url: `${ROOT}/connections/try`, body: request, ...NO_CLOCK }, triedConnectionSchema);
  }

  /** The overview with the connection in it, and which that is. */
  connect(request: z.input<typeof createConnectionRequestSchema>): Promise<CreatedConnection> {
    return this.#connection.read({ url: `${ROOT}/connections`, body: request, ...NO_CLOCK }, createdConnectionSchema);
  }

  async changeConnection(id: string, change: z.input<typeof updateConnectionRequestSchema>): Promise<void> {
    await this.#send({
      url: `${ROOT}/connections/${encodeURIComponent(id)}`,
      method: 'PATCH',
      body: change,
      ...NO_CLOCK,
    });
  }

  async disconnect(id: string): Promise<void> {
    await this.#send({ url: `${ROOT}/connections/${encodeURIComponent(id)}`, method: 'DELETE' });
  }

  servers(): Promise<FoundServers> {
    return this.#connection.read({ url: `${ROOT}/servers`, method: 'GET' }, foundServersSchema);
  }

  add(request: z.input<typeof createModelRequestSchema>): Promise<AdminModel> {
    return this.#connection.read({ url: `${ROOT}/models`, body: request, ...NO_CLOCK }, adminModelSchema);
  }

  change(name: string, change: z.input<typeof updateModelRequestSchema>): Promise<AdminModel> {
    const call = { url: toUrl(name), method: 'PATCH' as const, body: change, ...NO_CLOCK };
    return this.#connection.read(call, adminModelSchema);
  }

  async remove(name: string, { withFile }: { withFile: boolean }): Promise<void> {
    await this.#send({ url: `${toUrl(name)}?with_file=${withFile}`, method: 'DELETE', ...NO_CLOCK });
  }

  act(name: string, action: 'replace' | 'release' | 'load'): Promise<AdminModel> {
    return this.#connection.read({ url: toUrl(name, action), body: {}, ...NO_CLOCK }, adminModelSchema);
  }

  test(name: string): Promise<TestedModel> {
    return this.#connection.read({ url: toUrl(name, 'test'), body: {}, ...NO_CLOCK }, testedModelSchema);
  }

  async log(name: string): Promise<string[]> {
    return (await this.#connection.read({ url: toUrl(name, 'log'), method: 'GET' }, modelLogSchema)).lines;
  }

  library(): Promise<ModelLibrary> {
    return this.#connection.read({ url: `${ROOT}/library`, method: 'GET' }, modelLibrarySchema);
  }

  async downloads(): Promise<ModelDownload[]> {
    const call = { url: `${ROOT}/downloads`, method: 'GET' as const };
    return (await this.#connection.read(call, modelDownloadListSchema)).downloads;
  }

  pull(request: z.input<typeof startDownloadRequestSchema>): Promise<ModelDownload> {
    return this.#connection.read({ url: `${ROOT}/downloads`, body: request, ...NO_CLOCK }, modelDownloadSchema);
  }

  async cancelDownload(id: string): Promise<void> {
    await this.#send({ url: `${ROOT}/downloads/${encodeURIComponent(id)}`, method: 'DELETE' });
  }

  async #send(call: Parameters<AppConnection['call']>[0]): Promise<void> {
    (await this.#connection.call(call)).body.resume();
  }
}

function toUrl(name: string, rest?: string): string {
  const model = `${ROOT}/models/${encodeURIComponent(name)}`;
  return rest === undefined ? model : `${model}/${rest}`;
}
