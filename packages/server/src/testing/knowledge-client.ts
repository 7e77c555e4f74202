import type { BaseDocument, KnowledgeBase, RetrievalTrace } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { TEST_SECRET, type TestServer } from './test-server.ts';

/** Knowledge bases of a test's server, as a person would use them. */
export class KnowledgeClient {
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  create(name: string, more: Record<string, unknown> = {}): Promise<KnowledgeBase> {
    return this.#server.json('/api/knowledge-bases', { method: 'POST', body: { name, ...more } });
  }

  read(id: string): Promise<KnowledgeBase> {
    return this.#server.json(`/api/knowledge-bases/${id}`);
  }

  async documents(id: string): Promise<BaseDocument[]> {
    const page = await this.#server.json<{ documents: BaseDocument[] }>(`/api/knowledge-bases/${id}/documents`);
    return page.documents;
  }

  /** Uploads texts under their names, and waits until all are ready and the indexes agree. */
  async add(id: string, files: Record<string, string | Uint8Array<ArrayBuffer>>): Promise<void> {
    await this.upload(id, files);
    await this.settle(id);
  }

  async upload(id: string, files: Record<string, string | Uint8Array<ArrayBuffer>>): Promise<void> {
    for (const [name, body] of Object.entries(files)) {
      const path = `/api/knowledge-bases/${id}/documents?name=${encodeURIComponent(name)}`;
      const headers = { authorization: `Bearer ${TEST_SECRET}` };
      const response = await fetch(this.#server.address + path, { method: 'POST', headers, body });
      if (response.status !== 201) throw new Error(await response.text());
    }
  }

  /** Waits until every document has come to an end, and what it says is searched. */
  async settle(id: string): Promise<void> {
    const ends = new Set(['ready', 'failed', 'cancelled', 'set-aside']);
    const isOver = async () => (await this.documents(id)).every(({ state }) => ends.has(state));
    await waitUntil(isOver, 'the documents are read', 30_000);
    const agrees = async () =>
      (await this.#server.json<{ agrees: boolean }>(`/api/knowledge-bases/${id}/verify`, { method: 'POST' })).agrees;
    await waitUntil(agrees, 'the index follows', 30_000);
  }

  search(baseIds: string[], query: string, more: Record<string, unknown> = {}): Promise<RetrievalTrace> {
    const body = { base_ids: baseIds, query, ...more };
    return this.#server.json('/api/knowledge-bases/search', { method: 'POST', body });
  }
}
