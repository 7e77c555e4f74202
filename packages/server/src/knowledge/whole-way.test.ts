import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BaseDocument, ChunkView, DocumentView, IndexReport, KnowledgeBase } from '@parley/contracts';
import { readEventStream } from '@parley/service-kit';
import { TEST_SECRET, TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = new TestServer();
  await server.start();
});

afterEach(() => server.dispose());

const text = `# Bees\n\n${'The honey bee dances to tell the others where flowers are. '.repeat(40)}\n\n# 蜜蜂\n\n蜜蜂用舞蹈告诉同伴花在哪里。\n`;

function upload(baseId: string, name: string, content: string): Promise<BaseDocument> {
  const path = `/api/knowledge-bases/${baseId}/documents?name=${encodeURIComponent(name)}`;
  const headers = { authorization: `Bearer ${TEST_SECRET}`, 'content-type': 'text/markdown' };
  return fetch(server.address + path, { method: 'POST', headers, body: content }).then(
    (response) => response.json() as Promise<BaseDocument>,
  );
}

/** Follows the base until one of its documents stands as wanted. */
async function until(baseId: string, isWanted: (document: BaseDocument) => boolean): Promise<BaseDocument> {
  const abort = new AbortController();
  const response = await server.fetch(`/api/knowledge-bases/${baseId}/events`, {}, abort.signal);
  const list = await server.json<{ documents: BaseDocument[] }>(`/api/knowledge-bases/${baseId}/documents`);
  let found = list.documents.find(isWanted);
  for await (const { data } of readEventStream(response.body as unknown as AsyncIterable<Uint8Array>)) {
    if (found) break;
    const document = JSON.parse(data) as BaseDocument;
    if (document.state === 'failed') throw new Error(data);
    if (isWanted(document)) found = document;
    if (found) break;
  }
  abort.abort();
  if (!found) throw new Error('The stream ended.');
  return found;
}

it('leads from a file to passages that stand in its text, and to a new version of it', async () => {
  const base = await server.json<KnowledgeBase>('/api/knowledge-bases', { method: 'POST', body: { name: 'Bees' } });
  const added = await upload(base.id, 'bees.md', text);
  const ready = await until(base.id, ({ state }) => state === 'ready');
  expect(ready).toMatchObject({ id: added.id, name: 'bees.md', percent: 100, version: 1 });
  const view = await server.json<DocumentView>(`/api/documents/${ready.id}`);
  expect(view).toMatchObject({ has_file: true, version_id: ready.version_id });
  const { chunks } = await server.json<{ chunks: ChunkView[] }>(`/api/documents/${ready.id}/chunks`);
  expect(chunks).toHaveLength(ready.chunks);
  expect(chunks.map(({ start, end }) => view.text.slice(start, end)).join('')).toContain('花在哪里');
  const file = await server.fetch(`/api/documents/${ready.id}/file`);
  expect(await file.text()).toBe(text);

  const start = view.text.indexOf('honey bee');
  const edit = { version_id: ready.version_id, start, end: start + 'honey bee'.length, text: 'bumblebee' };
  await server.json(`/api/documents/${ready.id}/text`, { method: 'PUT', body: edit });
  const edited = await until(base.id, ({ state, version }) => state === 'ready' && version === 2);
  expect((await server.json<DocumentView>(`/api/documents/${ready.id}`)).text).toContain('The bumblebee dances');
  const old = await server.json<DocumentView>(`/api/documents/${ready.id}?version=${ready.version_id}`);
  expect(old.text).toBe(view.text);
  const again = await server.fetch(`/api/documents/${ready.id}/text`, { method: 'PUT', body: edit });
  expect(again.status).toBe(409);

  const report = await server.json<IndexReport>(`/api/knowledge-bases/${base.id}/verify`, { method: 'POST' });
  expect(report).toMatchObject({ documents: 1, chunks: edited.chunks, agrees: true });
  const path = '/api/knowledge-bases/preview';
  const cut = await server.json<{ chunks: unknown[] }>(path, { method: 'POST', body: { text } });
  expect(cut.chunks.length).toBeGreaterThan(0);
  const headers = { authorization: `Bearer ${TEST_SECRET}` };
  const shown = await fetch(`${server.address}${path}-file?name=b.md`, { method: 'POST', headers, body: text });
  expect(await shown.json()).toEqual({ title: 'Bees', text: view.text, flags: [] });
  expect(readdirSync(join(server.home, 'previews'))).toEqual([]);
}, 60_000);

it('shows a preview while a long document is being read', async () => {
  const base = await server.json<KnowledgeBase>('/api/knowledge-bases', { method: 'POST', body: { name: 'Bees' } });
  const { id } = await upload(base.id, 'long.md', text.repeat(6_000));
  await until(base.id, ({ state }) => state === 'parsing');
  const cut = await server.json<{ chunks: unknown[] }>('/api/knowledge-bases/preview', {
    method: 'POST',
    body: { text },
  });
  expect(cut.chunks.length).toBeGreaterThan(0);
  const { state } = await server.json<BaseDocument>(`/api/knowledge-bases/${base.id}/documents/${id}`);
  expect(['parsing', 'splitting']).toContain(state);
}, 60_000);
