import type { RouteOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildService } from '@parley/service-kit';
import { silentLogger } from '@parley/service-kit/testing';
import { buildServer, type ServerParts } from '../build-server.ts';
import { TestServer } from '../testing/test-server.ts';
import { addUser } from './testing/add-user.ts';
import { V1Client, type Listed, type WireStore } from './testing/v1-client.ts';

let server: TestServer;
let client: V1Client;

beforeEach(async () => {
  server = new TestServer();
  await server.start();
  client = new V1Client(server);
});
afterEach(() => server.dispose());

/** Every route for programs, as it is registered: a new one is walked without being named here. */
async function doorPaths(): Promise<{ method: string; url: string }[]> {
  const routes: RouteOptions[] = [];
  const app = buildService({ name: 'server', logger: silentLogger(), bodyLimit: 1 });
  app.addHook('onRoute', (route) => void routes.push(route));
  const parts = { reach: { host: '127.0.0.1', allowedHosts: [] }, webRoot: null, secret: '', knowledge: {} };
  await buildServer(app, parts as unknown as ServerParts);
  await app.close();
  return routes
    .filter(({ url }) => /^\/(?:v1|mcp)/.test(url))
    .flatMap(({ method, url }) => [method].flat().map((name) => ({ method: name, url })))
    .filter(({ method }) => ['GET', 'POST', 'DELETE'].includes(method));
}

const bodyForAll = { query: 'q', file_id: 'file-none', file_ids: ['file-none'], attributes: {} };
const call = (method: string, token: string | null) => ({
  method,
  token,
  ...(method === 'POST' ? { body: bodyForAll } : {}),
});

it('every route asks who is there', async () => {
  const routes = await doorPaths();
  expect(routes.length).toBeGreaterThan(20);
  for (const { method, url } of routes) {
    for (const token of [null, 'parley_unknown', 'sk-unknown']) {
      const response = await server.fetch(url.replaceAll(/:\w+|\*/g, 'some'), call(method, token));
      expect(`${method} ${url} ${response.status}`).toBe(`${method} ${url} 401`);
    }
  }
});

it('is not broken by any body', async () => {
  const bodies = ['null', '[]', '"text"', '7', '{"query": {"a": 1}}', '{broken', '['.repeat(20_000)];
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await addUser(server.home, 'Eve')}` };
  for (const { method, url } of await doorPaths()) {
    if (method !== 'POST') continue;
    for (const body of bodies) {
      const path = url.replaceAll(/:\w+|\*/g, 'none');
      const response = await fetch(server.address + path, { method, headers, body });
      await response.body?.cancel();
      expect(response.status, `${url} ${body.slice(0, 20)}`).toBeLessThan(500);
    }
  }
});

it('says 404 of paths that lead nowhere', async () => {
  for (const path of ['/chat/completions', '/vector_stores/x/unknown', '/filesystem']) {
    const response = await client.fetch(path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('json');
  }
});

describe("somebody else's", () => {
  it('files, stores and batches are not there', async () => {
    const file = await client.upload('a.txt', 'Cats sit.');
    const store = await client.store();
    await client.add(store.id, file.id);
    const batch = await client.post<{ id: string }>(`/vector_stores/${store.id}/file_batches`, { file_ids: [file.id] });
    const eve = await addUser(server.home, 'Eve');
    for (const { method, url } of (await doorPaths()).filter((route) => route.url.includes(':id'))) {
      const id = url.startsWith('/v1/files') ? file.id : store.id;
      const path = url.replace(':id', id).replace(':fileId', file.id).replace(':batchId', batch.id);
      const response = await server.fetch(path, call(method, eve));
      await response.body?.cancel();
      expect(`${method} ${url} ${response.status}`).toBe(`${method} ${url} 404`);
    }
    const hers = new V1Client(server, eve);
    expect(await hers.json<Listed<unknown>>('/vector_stores')).toMatchObject({ data: [] });
    expect(await hers.json<Listed<unknown>>('/files')).toMatchObject({ data: [] });
    const own = await hers.store({ name: 'Hers' });
    const theft = await hers.fetch(`/vector_stores/${own.id}/files`, { method: 'POST', body: { file_id: file.id } });
    expect(theft.status).toBe(404);
    const refused = await hers.fetch('/vector_stores', { method: 'POST', body: { file_ids: [file.id] } });
    expect(refused.status).toBe(404);
    expect(await client.json<WireStore>(`/vector_stores/${store.id}`)).toMatchObject({ file_counts: { total: 1 } });
  });

  it('store that is shared for reading is searched and read, and not changed', async () => {
    const file = await client.upload('a.txt', 'Cats sit.');
    const store = await client.store();
    await client.add(store.id, file.id);
    const eve = await addUser(server.home, 'Eve');
    const sharing = { visibility: 'private', users: [{ name: 'Eve', role: 'reader' }] };
    await server.json(`/api/knowledge-bases/${store.id.slice(3)}/sharing`, { method: 'PUT', body: sharing });
    const hers = new V1Client(server, eve);
    const path = `/vector_stores/${store.id}`;
    expect(await hers.post(`${path}/search`, { query: 'cats' })).toMatchObject({ data: [{ file_id: file.id }] });
    expect(await hers.json(`/files/${file.id}`)).toMatchObject({ id: file.id, filename: 'a.txt' });
    expect(await (await hers.fetch(`/files/${file.id}/content`)).text()).toBe('Cats sit.');
    const own = await hers.upload('b.txt', 'Dogs bark.');
    const changes = [
      hers.delete(path),
      hers.delete(`${path}/files/${file.id}`),
      hers.delete(`/files/${file.id}`),
      hers.fetch(path, { method: 'POST', body: { name: 'Taken' } }),
      hers.fetch(path, { method: 'POST', body: { metadata: { a: 'b' } } }),
      hers.fetch(`${path}/files`, { method: 'POST', body: { file_id: own.id } }),
      hers.fetch(`${path}/files/${file.id}`, { method: 'POST', body: { attributes: {} } }),
      hers.fetch(`${path}/file_batches`, { method: 'POST', body: { file_ids: [own.id] } }),
    ];
    for (const response of await Promise.all(changes)) expect(`${response.url} ${response.status}`).toContain(' 403');
    expect(await client.json(path)).toMatchObject({ name: 'Vector store', file_counts: { total: 1 }, metadata: null });
  });
});
