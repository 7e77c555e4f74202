import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentChange } from '@parley/contracts';
import { readEventStream } from '@parley/service-kit';
import { waitUntil } from '@parley/service-kit/testing';
import { KnowledgeServer } from '../knowledge/testing/knowledge-server.ts';

let server: KnowledgeServer;
let baseId: string;

beforeEach(async () => {
  server = await KnowledgeServer.start();
  await server.addUser('ada');
  await server.addUser('bob');
  ({ id: baseId } = await server.createBase('ada'));
  await server.share(baseId, 'ada', { users: [{ name: 'bob', role: 'reader' }] });
});

afterEach(() => server.dispose());

async function follow(user: string) {
  const abort = new AbortController();
  const response = await server.fetch(user, `/knowledge-bases/${baseId}/events`, { signal: abort.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const frames = readEventStream(response.body as unknown as AsyncIterable<Uint8Array>);
  return {
    /** The next change; null at the end of the stream. */
    next: async () => {
      const { value, done } = await frames.next();
      return done ? null : (JSON.parse(value.data) as DocumentChange);
    },
    leave: () => abort.abort(),
  };
}

describe('the events of a base', () => {
  it('tell what becomes of each document, for the default event name', async () => {
    const reader = await follow('bob');
    const { id } = await server.upload('ada', baseId, { name: 'a.txt' });
    expect(await reader.next()).toMatchObject({ id, name: 'a.txt', state: 'ready', version: 1 });
    await server.json('ada', `/documents/${id}`, { method: 'PATCH', body: { is_enabled: false } });
    expect(await reader.next()).toMatchObject({ id, is_enabled: false });
    await server.fetch('ada', `/documents/${id}`, { method: 'DELETE' });
    expect(await reader.next()).toEqual({ id, removed: true });
    reader.leave();
  });

  it('tell nothing of other bases', async () => {
    const other = await server.createBase('ada');
    const reader = await follow('bob');
    await server.upload('ada', other.id, { name: 'other.txt' });
    await server.upload('ada', baseId, { name: 'mine.txt' });
    expect(await reader.next()).toMatchObject({ name: 'mine.txt' });
    reader.leave();
  });

  it('tell once what changed a thousand times meanwhile, as it is by then', async () => {
    const reader = await follow('bob');
    const { id } = await server.upload('ada', baseId, { name: 'a.txt' });
    await reader.next();
    await server.db.updateTable('documents').set({ percent: 42 }).where('id', '=', id).execute();
    for (let count = 0; count < 1_000; count += 1) server.changes.announce(baseId, id);
    expect(await reader.next()).toMatchObject({ id, percent: 42 });
    await server.db.updateTable('documents').set({ percent: 43 }).where('id', '=', id).execute();
    server.changes.announce(baseId, id);
    let last = await reader.next();
    // The burst may be told twice: what came while its first telling was written.
    if ((last as { percent?: number }).percent === 42) last = await reader.next();
    expect(last).toMatchObject({ percent: 43 });
    reader.leave();
  });

  it('end for whoever lost the right to the base, without telling more', async () => {
    const reader = await follow('bob');
    await server.share(baseId, 'ada', {});
    await server.upload('ada', baseId, { name: 'secret.txt' });
    expect(await reader.next()).toBeNull();
    expect((await server.fetch('bob', `/knowledge-bases/${baseId}/events`)).status).toBe(404);
  });

  it('end when the server closes', async () => {
    const readers = [await follow('ada'), await follow('bob')];
    const closed = server.close();
    for (const reader of readers) expect(await reader.next()).toBeNull();
    await closed;
  });

  it('hold nothing of a reader that left', async () => {
    const reader = await follow('bob');
    expect(server.changes.followers).toBe(1);
    reader.leave();
    await waitUntil(() => server.changes.followers === 0, 'the reader to be forgotten');
  });
});
